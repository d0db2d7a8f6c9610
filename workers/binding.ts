import { serveBinding } from '../src/analysis/binding-worker.ts';

serveBinding();
