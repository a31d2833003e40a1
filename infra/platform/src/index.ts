export { defaultPortBase, portsFrom, portVariable, type Ports } from './ports.ts';
export { dataDir, repository, toolchainDir } from './repository.ts';
export { startPlatform, type Part, type Platform, type PlatformOptions } from './start-platform.ts';
export { startService, type Service, type ServiceOptions } from './start-service.ts';
export { startSystem, type System, type SystemOptions } from './start-system.ts';
