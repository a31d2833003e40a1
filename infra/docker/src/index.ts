export { accessFile } from './access-file.ts';
export { checkContainers, type CheckOptions, type Verdict } from './check-containers.ts';
