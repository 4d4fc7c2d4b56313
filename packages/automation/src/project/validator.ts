import { Ajv, type ValidateFunction } from "ajv";

const validators = new WeakMap<object, ValidateFunction>();

/**
 * What checks values by a schema: made once for each, since making one costs more than reading a file.
 *
 * @param shape - the JSON Schema, where `schema` itself is none
 */
export function validatorOf<T>(schema: object, shape: () => object = () => schema): ValidateFunction<T> {
  let validate = validators.get(schema);
  if (!validate) {
    const ajv = new Ajv({
      allErrors: true,
      strict: false,
      meta: false,
      validateSchema: false,
      verbose: true,
      // It is used a few times: optimising it takes longer than that.
      code: { optimize: false },
    });
    validators.set(schema, (validate = ajv.compile(shape())));
  }
  return validate as ValidateFunction<T>;
}
