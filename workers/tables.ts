import { expose, transfer } from 'comlink';
import { tablesService } from '../src/tables/worker-service.ts';

expose(tablesService(transfer));
