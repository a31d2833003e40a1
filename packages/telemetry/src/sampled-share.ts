/**
 * The share of new traces that are sampled, 0 to 1, as `OTEL_TRACES_SAMPLER` and `OTEL_TRACES_SAMPLER_ARG` say. Traces begin with us before the SDK
 * hears of them, so it cannot choose. As in the SDK: all without the variables, and with an argument that is no share.
 */
export function sampledShareOf(environment: NodeJS.ProcessEnv): number {
  const sampler = environment['OTEL_TRACES_SAMPLER'] ?? 'parentbased_always_on';
  if (sampler.endsWith('always_off')) return 0;
  const given = environment['OTEL_TRACES_SAMPLER_ARG']?.trim() ?? '';
  const share = Number(given);
  return sampler.endsWith('traceidratio') && given !== '' && share >= 0 && share <= 1 ? share : 1;
}
