import { expose } from 'comlink';
import { sheetsService } from '../src/sharing/xlsx/sheets-service.ts';

expose(sheetsService);
