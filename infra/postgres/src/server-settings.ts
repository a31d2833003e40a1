/** Settings for many small transactions on one machine. */
export function serverSettings(port: number, durable: boolean): Record<string, string | number> {
  return {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 200,
    shared_buffers: '256MB',
    work_mem: '8MB',
    maintenance_work_mem: '64MB',
    jit: 'off', // compiling costs more than any of our statements
    random_page_cost: 1.1,
    wal_level: 'logical', // change data capture is tested on it; costs our statements nothing that can be measured
    wal_buffers: '16MB',
    max_wal_size: '4GB', // fewer checkpoints, so fewer full page images
    checkpoint_timeout: '15min',
    checkpoint_completion_target: 0.9,
    // Outbox and position rows change thousands of times a minute: clean early, and without pauses. Each database gets its turn once in
    // this time; with one database per service, less would keep a worker starting all the time.
    autovacuum_naptime: '60s',
    autovacuum_vacuum_cost_delay: 0,
    autovacuum_vacuum_scale_factor: 0.1,
    log_checkpoints: 'off',
    log_line_prefix: '%m [%p] %d ',
    // Not durable: a power cut may lose all, a killed server still nothing. Commits are visible to logical decoding at once.
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off' }),
  };
}
