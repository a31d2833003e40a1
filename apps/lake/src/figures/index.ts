export { measureFigures, type Figures } from './measure-figures.ts';
