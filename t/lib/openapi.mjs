// Whether a description (a file of JSON) is OpenAPI as its standard says: prints what is wrong, one line each.
//
//	node openapi.mjs FILE
import { readFileSync } from "node:fs";
import { Validator } from "@seriousme/openapi-schema-validator";

const validator = new Validator();
const result = await validator.validate(JSON.parse(readFileSync(process.argv[2], "utf8")));
console.log(result.valid ? `valid ${validator.version}` : JSON.stringify(result.errors, null, 1));
process.exit(result.valid ? 0 : 1);
