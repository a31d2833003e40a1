export { intakeBeside, type IntakeFigures, type IntakePlan } from './intake-beside.ts';
export { fullPlan, quickPlan, type Plan } from './plan.ts';
export { ProgramBeside } from './program-beside.ts';
export { runBench } from './run-bench.ts';
export { tracingOverhead, type TracingPlan } from './tracing-overhead.ts';
