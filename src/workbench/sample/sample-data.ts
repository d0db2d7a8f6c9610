import { type Random, seededRandom } from '@patron/sdk';

/** One product of the invented shop. */
interface Product {
  readonly name: string;
  readonly category: string;
  readonly price: number;
}

const products: readonly Product[] = [
  { name: 'Ceramic mug 陶瓷马克杯', category: 'Kitchen 厨房', price: 39.9 },
  { name: 'Glass teapot 玻璃茶壶', category: 'Kitchen 厨房', price: 128 },
  { name: 'Longjing tea 龙井茶', category: 'Food 食品', price: 168 },
  { name: 'Oat biscuits 燕麦饼干', category: 'Food 食品', price: 26.5 },
  { name: 'Dark chocolate 黑巧克力', category: 'Food 食品', price: 45 },
  { name: 'Linen towel 亚麻毛巾', category: 'Home 家居', price: 59 },
  { name: 'Scented candle 香薰蜡烛', category: 'Home 家居', price: 89 },
  { name: 'Desk lamp 台灯', category: 'Home 家居', price: 199 },
  { name: 'Notebook 笔记本', category: 'Stationery 文具', price: 18.8 },
  { name: 'Fountain pen 钢笔', category: 'Stationery 文具', price: 149 },
  { name: 'Canvas bag 帆布袋', category: 'Accessories 配饰', price: 69 },
  { name: 'Silk scarf 真丝围巾', category: 'Accessories 配饰', price: 259 },
];

const surnames = [
  'Chen 陈',
  'Li 李',
  'Wang 王',
  'Zhang 张',
  'Liu 刘',
  'Zhao 赵',
  'Smith',
  'Garcia',
  'Müller',
  'Tanaka',
];
const givenNames = [
  'Anna',
  'Bo 博',
  'Fang 芳',
  'Jie 杰',
  'Lena',
  'Marco',
  'Mei 梅',
  'Noah',
  'Sofia',
  'Wei 伟',
  'Yan 燕',
];
const cities = ['Shanghai 上海', 'Beijing 北京', 'Chengdu 成都', 'Guangzhou 广州', 'Hangzhou 杭州', 'Singapore 新加坡'];
const channels = ['Search 搜索', 'Social 社交媒体', 'Referral 推荐', 'Store 门店'];
const comments = [
  'Fast delivery 发货很快',
  'Good quality 质量好',
  'A little expensive 有点贵',
  'Package was damaged 包装破损',
];

const customerCount = 2000;
const firstDay = Date.UTC(2025, 0, 1) / 86_400_000;
const dayCount = 546;

/** A table of the sample as CSV lines, handed out in parts so that no part takes long to make. */
export interface SampleTable {
  readonly name: 'customers' | 'orders' | 'visits' | 'answers';
  readonly parts: Iterable<string>;
}

interface Customer {
  readonly id: string;
  readonly joined: number;
  /** Orders a day while the customer is one, chance to leave after an order, usual basket. */
  readonly rate: number;
  readonly leaving: number;
  readonly basket: number;
  /** What the customer table says of who this is and since when. */
  readonly about: string;
}

/**
 * The same invented shop for everybody: 2,000 customers, 18 months of orders, the visits that led to them, and answers to
 * a survey. Customers buy at rates of their own and leave at chances of their own, as real ones do.
 */
export function sampleTables(): readonly SampleTable[] {
  const customers = makeCustomers(seededRandom(20_250_101));
  return [
    { name: 'orders', parts: orderLines(customers, seededRandom(11)) },
    { name: 'customers', parts: customerLines(customers, seededRandom(14)) },
    { name: 'visits', parts: visitLines(customers, seededRandom(12)) },
    { name: 'answers', parts: answerLines(customers, seededRandom(13)) },
  ];
}

function pick<T>(random: Random, list: readonly T[]): T {
  return list[Math.floor(random.uniform() * list.length)];
}

function makeCustomers(random: Random): Customer[] {
  return Array.from({ length: customerCount }, (_, index): Customer => {
    const id = `C${String(index + 1).padStart(5, '0')}`;
    // Joining thins out over time, as after the opening of a shop.
    const joined = Math.floor(dayCount * 0.92 * random.uniform() ** 1.4);
    const rate = random.gamma(2, 44);
    const name = `${pick(random, givenNames)} ${pick(random, surnames)}`;
    const about = `${id},${name},${pick(random, cities)},${pick(random, channels)},${dayText(joined)}`;
    return {
      id,
      joined,
      rate,
      leaving: 0.02 + 0.2 * random.uniform() ** 2.2,
      basket: 0.6 + 0.9 * random.uniform(),
      about,
    };
  });
}

function dayText(day: number): string {
  return new Date((firstDay + day) * 86_400_000).toISOString().slice(0, 10);
}

function timeText(random: Random): string {
  const minutes = Math.floor(9 * 60 + random.uniform() * 13 * 60);
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}:00`;
}

const plans = [
  { name: 'Basic 基础', share: 0.5, days: 260 },
  { name: 'Plus 进阶', share: 0.3, days: 420 },
  { name: 'Premium 尊享', share: 0.2, days: 700 },
] as const;

/** Each customer has a membership; half of them keep it longer than their plan's days, and who still has it has no last day. */
function* customerLines(customers: readonly Customer[], random: Random): Iterable<string> {
  yield 'customer_id,name,city,channel,joined,plan,cancelled\r\n';
  yield customers
    .map(({ about, joined }) => {
      const draw = random.uniform();
      const plan = draw < plans[0].share ? plans[0] : draw < plans[0].share + plans[1].share ? plans[1] : plans[2];
      const cancelled = Math.floor(joined + 1 + random.exponential(Math.LN2 / plan.days));
      return `${about},${plan.name},${cancelled < dayCount ? dayText(cancelled) : ''}\r\n`;
    })
    .join('');
}

function* orderLines(customers: readonly Customer[], random: Random): Iterable<string> {
  yield 'order_id,customer_id,order_time,product,category,quantity,unit_price\r\n';
  let order = 0;
  for (const customer of customers) {
    let lines = '';
    for (let day = customer.joined; day < dayCount; ) {
      order += 1;
      const id = `A${String(order).padStart(6, '0')}`;
      const when = `${dayText(Math.floor(day))} ${timeText(random)}`;
      const kinds = 1 + Math.floor(random.uniform() ** 2 * 3);
      for (let line = 0; line < kinds; line += 1) {
        const { name, category, price } = pick(random, products);
        const quantity = Math.max(1, Math.round(customer.basket * (1 + random.uniform() * 2)));
        lines += `${id},${customer.id},${when},${name},${category},${quantity},${price}\r\n`;
      }
      if (random.uniform() < customer.leaving) break;
      day += Math.max(1, random.exponential(customer.rate));
    }
    yield lines;
  }
}

const stages = ['visit', 'view product', 'add to cart', 'check out', 'pay'] as const;
const passing = [1, 0.72, 0.46, 0.68, 0.83];

function* visitLines(customers: readonly Customer[], random: Random): Iterable<string> {
  yield 'customer_id,time,event,channel\r\n';
  for (const customer of customers) {
    let lines = '';
    const visits = 1 + Math.floor(random.uniform() * 6);
    for (let visit = 0; visit < visits; visit += 1) {
      const day = customer.joined + Math.floor(random.uniform() * (dayCount - customer.joined));
      const channel = pick(random, channels);
      let seconds = Math.floor((9 + random.uniform() * 12) * 3600);
      for (const [step, stage] of stages.entries()) {
        if (random.uniform() > passing[step]) break;
        const time = new Date((firstDay + day) * 86_400_000 + seconds * 1000)
          .toISOString()
          .slice(0, 19)
          .replace('T', ' ');
        lines += `${customer.id},${time},${stage},${channel}\r\n`;
        seconds += 20 + Math.floor(random.exponential(1 / 240));
      }
    }
    yield lines;
  }
}

function* answerLines(customers: readonly Customer[], random: Random): Iterable<string> {
  yield 'customer_id,answered,score,channel,comment\r\n';
  for (const customer of customers) {
    if (random.uniform() > 0.42) continue;
    const day = Math.min(dayCount - 1, customer.joined + Math.floor(random.uniform() * 200));
    const mood = 9.4 - customer.leaving * 14 + (random.uniform() - 0.5) * 5;
    const score = Math.max(0, Math.min(10, Math.round(mood)));
    const comment = random.uniform() < 0.35 ? pick(random, score >= 8 ? comments.slice(0, 2) : comments.slice(2)) : '';
    yield `${customer.id},${dayText(day)},${score},${pick(random, channels)},${comment}\r\n`;
  }
}
