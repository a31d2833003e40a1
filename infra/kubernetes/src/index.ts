export { generatedFiles } from './generate/generated-files.ts';
export { type Manifest, titleOf } from './manifest.ts';
