import { expose, transfer } from 'comlink';
import { tablesService } from '../src/tables/tables-service.ts';

expose(tablesService(transfer));
