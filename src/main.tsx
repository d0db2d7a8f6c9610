import './workbench/theme/tokens.css';
import './workbench/theme/base.css';
import { startWorkbench } from './workbench/index.ts';

const root = document.getElementById('patron');
if (root) void startWorkbench(root);
