export { runLake } from './run-lake.ts';
export type { LakeSettings } from './cli/lake-settings.ts';
export { LakeFault } from './fault.ts';
export { benchLake, type Figure, type LakeBench } from './bench/lake-bench.ts';
export { checkIceberg, type IcebergCheck, type Verdict } from './iceberg/check-iceberg.ts';
