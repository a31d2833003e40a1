export { checkContainers, type CheckOptions, type Verdict } from './check-containers.ts';
