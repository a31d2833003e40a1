export { fullPlan, quickPlan, type Plan } from './plan.ts';
export { runBench } from './run-bench.ts';
