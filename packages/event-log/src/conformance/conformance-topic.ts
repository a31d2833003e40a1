export interface ConformanceTopic {
  readonly name: string;
  readonly partitions: number;
}
