export { runTool, type ToolParts } from './run-tool.ts';
