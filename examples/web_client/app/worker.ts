import { serveTabs } from '#sdk/shared_worker.ts';

serveTabs(self as unknown as SharedWorkerGlobalScope);
