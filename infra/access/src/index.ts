export { brokerRights, principalOf } from './broker-rights.ts';
export { accessOf, type Access } from './access-of.ts';
export { rightsOf, type Right, type Operation } from './rights-of.ts';
export { openTopics, rightsOfTool, tools, topicsWithOpenCauses, type Tool } from './tool-rights.ts';
