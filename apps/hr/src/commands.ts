/** What can be asked of human resources, for those that ask without HTTP. */
export { changeEmployee } from './domain/employee/change-employee.ts';
export { hireEmployee } from './domain/employee/hire-employee.ts';
export { approvePayroll } from './domain/payroll/approve-payroll.ts';
export { calculatePayroll } from './domain/payroll/calculate-payroll.ts';
