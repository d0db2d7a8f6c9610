export { startWorkbench } from './start.tsx';
