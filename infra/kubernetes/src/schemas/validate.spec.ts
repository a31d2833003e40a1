import { describe, expect, it } from '@jest/globals';

import { parseManifests } from '../parse-manifests.ts';
import { SchemaCheck } from './validate.ts';

const definition = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: topics.example.com }
spec:
  group: example.com
  names: { kind: Topic }
  versions:
    - name: v1
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              required: [partitions]
              properties:
                partitions: { type: integer }
                port: { x-kubernetes-int-or-string: true }
                mode: { type: string, pattern: '^(?i)(abort|warn)?$' }
                config: { type: object, x-kubernetes-preserve-unknown-fields: true, properties: {} }
                format: { type: object, properties: { properties: { type: string } } }
`;
const core = {
  names: new Map([['v1 Room', 'room']]),
  definitions: {
    room: { type: 'object', properties: { apiVersion: {}, kind: {}, metadata: {}, spec: { $ref: '#/definitions/spec' } } },
    spec: { type: 'object', properties: { size: { $ref: '#/definitions/io.k8s.apimachinery.pkg.api.resource.Quantity' } } },
    'io.k8s.apimachinery.pkg.api.resource.Quantity': { type: 'string' },
  },
};

function mistakes(spec: string, type = 'example.com/v1\nkind: Topic'): readonly string[] | undefined {
  const check = new SchemaCheck(core, parseManifests(definition, 'definition'));
  const [manifest] = parseManifests(`apiVersion: ${type}\nmetadata: { name: x }\nspec: ${spec}\n`, 'object');
  return manifest && check.check(manifest);
}

describe('checking against schemas', () => {
  it('passes what fits, free fields and numbers as text included', () => {
    expect(mistakes('{ partitions: 3, port: http, mode: WARN, config: { any: thing }, format: { properties: x } }')).toEqual([]);
    expect(mistakes('{ partitions: 3, port: 80 }')).toEqual([]);
    expect(mistakes('{ size: 3 }', 'v1\nkind: Room')).toEqual([]);
  });

  it('names unknown fields, missing ones and wrong types', () => {
    expect(mistakes('{ partition: 3 }')).toEqual([
      "Topic x: /spec must have required property 'partitions'",
      'Topic x: /spec knows no field "partition"',
    ]);
    expect(mistakes('{ partitions: three }')).toEqual(['Topic x: /spec/partitions must be integer']);
    expect(mistakes('{ partitions: 3, mode: ignore }')).toHaveLength(1);
    expect(mistakes('{ siz: 3 }', 'v1\nkind: Room')).toEqual(['Room x: /spec knows no field "siz"']);
  });

  it('says that it knows no schema', () => {
    expect(mistakes('{}', 'v1\nkind: Unheard')).toBeUndefined();
  });
});
