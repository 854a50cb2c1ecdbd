// Generated from crds/ by operator/api/generate/main.ts. Do not edit.
import type { StructuralSchema } from '../../api/structural-schema.ts';

/** The structural schema of TrafficSplit, without descriptions. */
export const SCHEMA: StructuralSchema = {
 "type": "object",
 "required": [
  "spec"
 ],
 "properties": {
  "apiVersion": {
   "type": "string"
  },
  "kind": {
   "type": "string"
  },
  "metadata": {
   "type": "object"
  },
  "spec": {
   "type": "object",
   "required": [
    "service",
    "backends"
   ],
   "properties": {
    "service": {
     "type": "string",
     "minLength": 1,
     "maxLength": 63,
     "pattern": "^[a-z]([-a-z0-9]*[a-z0-9])?$"
    },
    "port": {
     "x-kubernetes-int-or-string": true,
     "minimum": 1,
     "maximum": 65535,
     "minLength": 1,
     "maxLength": 63,
     "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
    },
    "backends": {
     "type": "array",
     "minItems": 1,
     "maxItems": 32,
     "x-kubernetes-list-type": "map",
     "x-kubernetes-list-map-keys": [
      "name"
     ],
     "x-kubernetes-validations": [
      {
       "rule": "self.exists(backend, !has(backend.weight) || backend.weight > 0)",
       "message": "at least one backend needs a weight above 0: with none the Service could not be called (DK1301)"
      }
     ],
     "items": {
      "type": "object",
      "required": [
       "name"
      ],
      "x-kubernetes-validations": [
       {
        "rule": "has(self.service) || has(self.labels)",
        "message": "says which endpoints by service, labels or both; the name alone chooses none (DK1302)",
        "fieldPath": ".service",
        "reason": "FieldValueRequired"
       }
      ],
      "properties": {
       "name": {
        "type": "string",
        "minLength": 1,
        "maxLength": 63,
        "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
       },
       "service": {
        "type": "string",
        "minLength": 1,
        "maxLength": 63,
        "pattern": "^[a-z]([-a-z0-9]*[a-z0-9])?$"
       },
       "labels": {
        "type": "object",
        "minProperties": 1,
        "maxProperties": 16,
        "x-kubernetes-map-type": "atomic",
        "x-kubernetes-validations": [
         {
          "rule": "self.all(key, key.size() <= 317 && key.matches('^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$'))",
          "message": "a label's key is a name of letters, digits, '-', '_' and '.', with an optional DNS prefix and '/' before it (DK1103)"
         }
        ],
        "additionalProperties": {
         "type": "string",
         "maxLength": 63,
         "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
        }
       },
       "weight": {
        "type": "integer",
        "format": "int32",
        "minimum": 0,
        "maximum": 1000000
       }
      }
     }
    },
    "match": {
     "type": "array",
     "minItems": 1,
     "maxItems": 16,
     "x-kubernetes-list-type": "atomic",
     "items": {
      "type": "object",
      "minProperties": 1,
      "properties": {
       "method": {
        "type": "string",
        "minLength": 1,
        "maxLength": 32,
        "pattern": "^[A-Z][A-Z0-9_-]*$"
       },
       "path": {
        "type": "object",
        "required": [
         "type",
         "value"
        ],
        "x-kubernetes-validations": [
         {
          "rule": "self.type != 'Template' || self.value.matches('^(/([^/*{}]+|[{][*][}]))*(/|/[{][*][*][}])?$')",
          "message": "a template's operators stand for whole segments, {*} for one and a last {**} for any number: as in /books/{*}/reviews/{**} (DK1106)",
          "fieldPath": ".value"
         },
         {
          "rule": "self.type == 'Template' || !self.value.matches('[*{}]')",
          "message": "'*', '{' and '}' belong to templates: use the type Template, or encode them in percent (DK1107)",
          "fieldPath": ".value"
         }
        ],
        "properties": {
         "type": {
          "type": "string",
          "maxLength": 16,
          "enum": [
           "Exact",
           "Prefix",
           "Template"
          ]
         },
         "value": {
          "type": "string",
          "minLength": 1,
          "maxLength": 1024,
          "pattern": "^/([A-Za-z0-9._~!$&'()*+,;=:@%|{}/-]*)$"
         }
        }
       },
       "headers": {
        "type": "array",
        "minItems": 1,
        "maxItems": 16,
        "x-kubernetes-list-type": "atomic",
        "items": {
         "type": "object",
         "required": [
          "name"
         ],
         "x-kubernetes-validations": [
          {
           "rule": "(has(self.type) && self.type in ['Present', 'Absent']) != has(self.value)",
           "message": "value is needed, except with the types Present and Absent, which have none (DK1105)",
           "fieldPath": ".value"
          }
         ],
         "properties": {
          "name": {
           "type": "string",
           "minLength": 1,
           "maxLength": 256,
           "pattern": "^[A-Za-z0-9!#$%&'*+.^_|~-]+$"
          },
          "type": {
           "type": "string",
           "maxLength": 16,
           "enum": [
            "Exact",
            "Prefix",
            "Suffix",
            "Contains",
            "Present",
            "Absent"
           ]
          },
          "value": {
           "type": "string",
           "minLength": 1,
           "maxLength": 1024,
           "pattern": "^[ -~]+$"
          }
         }
        }
       }
      }
     }
    },
    "mirror": {
     "type": "object",
     "x-kubernetes-validations": [
      {
       "rule": "has(self.service) || has(self.labels)",
       "message": "says which endpoints by service, labels or both (DK1302)",
       "fieldPath": ".service",
       "reason": "FieldValueRequired"
      }
     ],
     "properties": {
      "service": {
       "type": "string",
       "minLength": 1,
       "maxLength": 63,
       "pattern": "^[a-z]([-a-z0-9]*[a-z0-9])?$"
      },
      "labels": {
       "type": "object",
       "minProperties": 1,
       "maxProperties": 16,
       "x-kubernetes-map-type": "atomic",
       "x-kubernetes-validations": [
        {
         "rule": "self.all(key, key.size() <= 317 && key.matches('^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$'))",
         "message": "a label's key is a name of letters, digits, '-', '_' and '.', with an optional DNS prefix and '/' before it (DK1103)"
        }
       ],
       "additionalProperties": {
        "type": "string",
        "maxLength": 63,
        "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
       }
      },
      "percent": {
       "type": "number",
       "minimum": 0,
       "maximum": 100
      }
     }
    },
    "sticky": {
     "type": "object",
     "x-kubernetes-validations": [
      {
       "rule": "has(self.cookie) != has(self.header)",
       "message": "needs exactly one of cookie and header (DK1303)"
      }
     ],
     "properties": {
      "cookie": {
       "type": "object",
       "required": [
        "name"
       ],
       "properties": {
        "name": {
         "type": "string",
         "minLength": 1,
         "maxLength": 128,
         "pattern": "^[A-Za-z0-9!#$%&'*+.^_|~-]+$"
        },
        "path": {
         "type": "string",
         "minLength": 1,
         "maxLength": 256,
         "pattern": "^/[A-Za-z0-9._~!$&'()*+,=:@%/-]*$"
        },
        "ttl": {
         "type": "string",
         "maxLength": 28,
         "pattern": "^([0-9]{1,5}(h|m|s|ms)){1,4}$"
        }
       }
      },
      "header": {
       "type": "object",
       "required": [
        "name"
       ],
       "properties": {
        "name": {
         "type": "string",
         "minLength": 1,
         "maxLength": 256,
         "pattern": "^[A-Za-z0-9!#$%&'*+.^_|~-]+$"
        }
       }
      }
     }
    }
   }
  },
  "status": {
   "type": "object",
   "default": {
    "observedGeneration": -1
   },
   "properties": {
    "observedGeneration": {
     "type": "integer",
     "format": "int64"
    },
    "conditions": {
     "type": "array",
     "maxItems": 16,
     "x-kubernetes-list-type": "map",
     "x-kubernetes-list-map-keys": [
      "type"
     ],
     "items": {
      "type": "object",
      "required": [
       "type",
       "status",
       "lastTransitionTime",
       "reason",
       "message"
      ],
      "properties": {
       "type": {
        "type": "string",
        "maxLength": 316,
        "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$"
       },
       "status": {
        "type": "string",
        "maxLength": 16,
        "enum": [
         "True",
         "False",
         "Unknown"
        ]
       },
       "observedGeneration": {
        "type": "integer",
        "format": "int64",
        "minimum": 0
       },
       "lastTransitionTime": {
        "type": "string",
        "format": "date-time",
        "maxLength": 64
       },
       "reason": {
        "type": "string",
        "minLength": 1,
        "maxLength": 1024,
        "pattern": "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$"
       },
       "message": {
        "type": "string",
        "maxLength": 32768
       }
      }
     }
    },
    "proxies": {
     "type": "object",
     "required": [
      "total",
      "programmed",
      "rejected"
     ],
     "properties": {
      "total": {
       "type": "integer",
       "format": "int32",
       "minimum": 0,
       "maximum": 2147483647
      },
      "programmed": {
       "type": "integer",
       "format": "int32",
       "minimum": 0,
       "maximum": 2147483647
      },
      "rejected": {
       "type": "integer",
       "format": "int32",
       "minimum": 0,
       "maximum": 2147483647
      }
     }
    }
   }
  }
 }
};
