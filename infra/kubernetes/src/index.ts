export { checkManifests, type CheckOptions, type Verdict } from './check-manifests.ts';
export { generatedFiles } from './generate/generated-files.ts';
