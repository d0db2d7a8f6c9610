const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The longest main-thread task while `work` runs, in milliseconds. */
export async function longestTask(work: () => Promise<void>): Promise<number> {
  let longest = 0;
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) longest = Math.max(longest, entry.duration);
  });
  observer.observe({ type: 'longtask' });
  await work();
  await wait(100);
  for (const entry of observer.takeRecords()) longest = Math.max(longest, entry.duration);
  observer.disconnect();
  return longest;
}

/** Frame times, in milliseconds, while the wheel turns 240 times over the largest canvas, slowly and then in leaps. */
export async function wheelFrames(
  container: HTMLElement,
): Promise<{ drawn: number; median: number; p95: number; longest: number }> {
  const canvas = [...container.querySelectorAll('canvas')].sort((a, b) => b.width * b.height - a.width * a.height)[0];
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const frames: number[] = [];
  let last = performance.now();
  let running = true;
  const frame = (now: number): void => {
    frames.push(now - last);
    last = now;
    if (running) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  for (let step = 0; step < 240; step++) {
    canvas.dispatchEvent(
      new WheelEvent('wheel', {
        deltaY: step < 120 ? 240 : 4000,
        clientX: left + width / 2,
        clientY: top + height / 2,
        bubbles: true,
        cancelable: true,
      }),
    );
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  running = false;
  const sorted = frames.slice(5).sort((a, b) => a - b);
  const [median, p95] = [0.5, 0.95].map((share) => sorted[Math.floor(sorted.length * share)]);
  return { drawn: frames.length, median, p95, longest: sorted.at(-1) ?? 0 };
}
