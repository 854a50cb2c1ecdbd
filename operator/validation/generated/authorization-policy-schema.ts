// Generated from crds/ by operator/api/generate/main.ts. Do not edit.
import type { StructuralSchema } from '../../api/structural-schema.ts';

/** The structural schema of AuthorizationPolicy, without descriptions. */
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
    "action"
   ],
   "x-kubernetes-validations": [
    {
     "rule": "!(has(self.targetRefs) && has(self.selector))",
     "message": "targetRefs and selector exclude each other: keep one of them (DK1101)",
     "fieldPath": ".selector",
     "reason": "FieldValueForbidden"
    },
    {
     "rule": "self.action == 'Allow' || (has(self.rules) && self.rules.size() > 0)",
     "message": "without rules a Deny or Audit policy concerns no request: add rules; one empty rule, {}, fits every request (DK1401)",
     "fieldPath": ".rules",
     "reason": "FieldValueRequired"
    },
    {
     "rule": "!(self.action == 'Audit' && has(self.mode))",
     "message": "mode has no meaning with Audit, which never decides: remove mode (DK1402)",
     "fieldPath": ".mode",
     "reason": "FieldValueForbidden"
    }
   ],
   "properties": {
    "targetRefs": {
     "type": "array",
     "minItems": 1,
     "maxItems": 16,
     "x-kubernetes-list-type": "atomic",
     "x-kubernetes-validations": [
      {
       "rule": "self.all(a, self.exists_one(b, a.kind == b.kind && a.name == b.name && (has(a.sectionName) ? a.sectionName : '') == (has(b.sectionName) ? b.sectionName : '')))",
       "message": "each target may be named once: remove the duplicate (DK1102)",
       "reason": "FieldValueDuplicate"
      }
     ],
     "items": {
      "type": "object",
      "required": [
       "kind",
       "name"
      ],
      "properties": {
       "group": {
        "type": "string",
        "maxLength": 253,
        "enum": [
         ""
        ]
       },
       "kind": {
        "type": "string",
        "maxLength": 63,
        "enum": [
         "Service"
        ]
       },
       "name": {
        "type": "string",
        "minLength": 1,
        "maxLength": 63,
        "pattern": "^[a-z]([-a-z0-9]*[a-z0-9])?$"
       },
       "sectionName": {
        "type": "string",
        "minLength": 1,
        "maxLength": 63,
        "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
       }
      }
     }
    },
    "selector": {
     "type": "object",
     "required": [
      "matchLabels"
     ],
     "properties": {
      "matchLabels": {
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
      }
     }
    },
    "action": {
     "type": "string",
     "maxLength": 16,
     "enum": [
      "Allow",
      "Deny",
      "Audit"
     ]
    },
    "mode": {
     "type": "string",
     "maxLength": 16,
     "enum": [
      "Enforce",
      "DryRun"
     ]
    },
    "rules": {
     "type": "array",
     "maxItems": 64,
     "x-kubernetes-list-type": "atomic",
     "items": {
      "type": "object",
      "properties": {
       "name": {
        "type": "string",
        "minLength": 1,
        "maxLength": 63,
        "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
       },
       "from": {
        "type": "array",
        "minItems": 1,
        "maxItems": 16,
        "x-kubernetes-list-type": "atomic",
        "items": {
         "type": "object",
         "minProperties": 1,
         "properties": {
          "principals": {
           "type": "array",
           "minItems": 1,
           "maxItems": 64,
           "x-kubernetes-list-type": "set",
           "items": {
            "type": "string",
            "minLength": 1,
            "maxLength": 512,
            "pattern": "^(\\*[^* ]*|spiffe://[^* ]+\\*?)$"
           }
          },
          "notPrincipals": {
           "type": "array",
           "minItems": 1,
           "maxItems": 64,
           "x-kubernetes-list-type": "set",
           "items": {
            "type": "string",
            "minLength": 1,
            "maxLength": 512,
            "pattern": "^(\\*[^* ]*|spiffe://[^* ]+\\*?)$"
           }
          },
          "serviceAccounts": {
           "type": "array",
           "minItems": 1,
           "maxItems": 64,
           "x-kubernetes-list-type": "set",
           "items": {
            "type": "string",
            "minLength": 1,
            "maxLength": 317,
            "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?/)?[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"
           }
          },
          "notServiceAccounts": {
           "type": "array",
           "minItems": 1,
           "maxItems": 64,
           "x-kubernetes-list-type": "set",
           "items": {
            "type": "string",
            "minLength": 1,
            "maxLength": 317,
            "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?/)?[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"
           }
          },
          "namespaces": {
           "type": "array",
           "minItems": 1,
           "maxItems": 64,
           "x-kubernetes-list-type": "set",
           "items": {
            "type": "string",
            "minLength": 1,
            "maxLength": 63,
            "pattern": "^(\\*|\\*?[-a-z0-9]+|[-a-z0-9]+\\*)$"
           }
          },
          "notNamespaces": {
           "type": "array",
           "minItems": 1,
           "maxItems": 64,
           "x-kubernetes-list-type": "set",
           "items": {
            "type": "string",
            "minLength": 1,
            "maxLength": 63,
            "pattern": "^(\\*|\\*?[-a-z0-9]+|[-a-z0-9]+\\*)$"
           }
          },
          "ipBlocks": {
           "type": "array",
           "minItems": 1,
           "maxItems": 64,
           "x-kubernetes-list-type": "set",
           "items": {
            "type": "string",
            "minLength": 1,
            "maxLength": 43,
            "x-kubernetes-validations": [
             {
              "rule": "isIP(self) || isCIDR(self)",
              "message": "is no IP address and no block of them: write it like 10.0.0.7, 10.0.0.0/8 or fd00::/8 (DK1403)"
             }
            ]
           }
          },
          "notIpBlocks": {
           "type": "array",
           "minItems": 1,
           "maxItems": 64,
           "x-kubernetes-list-type": "set",
           "items": {
            "type": "string",
            "minLength": 1,
            "maxLength": 43,
            "x-kubernetes-validations": [
             {
              "rule": "isIP(self) || isCIDR(self)",
              "message": "is no IP address and no block of them: write it like 10.0.0.7, 10.0.0.0/8 or fd00::/8 (DK1403)"
             }
            ]
           }
          }
         }
        }
       },
       "to": {
        "type": "array",
        "minItems": 1,
        "maxItems": 16,
        "x-kubernetes-list-type": "atomic",
        "items": {
         "type": "object",
         "minProperties": 1,
         "properties": {
          "ports": {
           "type": "array",
           "minItems": 1,
           "maxItems": 64,
           "x-kubernetes-list-type": "set",
           "items": {
            "type": "integer",
            "format": "int32",
            "minimum": 1,
            "maximum": 65535
           }
          },
          "notPorts": {
           "type": "array",
           "minItems": 1,
           "maxItems": 64,
           "x-kubernetes-list-type": "set",
           "items": {
            "type": "integer",
            "format": "int32",
            "minimum": 1,
            "maximum": 65535
           }
          },
          "hosts": {
           "type": "array",
           "minItems": 1,
           "maxItems": 64,
           "x-kubernetes-list-type": "set",
           "items": {
            "type": "string",
            "minLength": 1,
            "maxLength": 253,
            "pattern": "^(\\*|\\*?[A-Za-z0-9._:\\[\\]-]+|[A-Za-z0-9._:\\[\\]-]+\\*)$"
           }
          },
          "notHosts": {
           "type": "array",
           "minItems": 1,
           "maxItems": 64,
           "x-kubernetes-list-type": "set",
           "items": {
            "type": "string",
            "minLength": 1,
            "maxLength": 253,
            "pattern": "^(\\*|\\*?[A-Za-z0-9._:\\[\\]-]+|[A-Za-z0-9._:\\[\\]-]+\\*)$"
           }
          },
          "methods": {
           "type": "array",
           "minItems": 1,
           "maxItems": 64,
           "x-kubernetes-list-type": "set",
           "items": {
            "type": "string",
            "minLength": 1,
            "maxLength": 32,
            "pattern": "^[A-Z][A-Z0-9_-]*$"
           }
          },
          "notMethods": {
           "type": "array",
           "minItems": 1,
           "maxItems": 64,
           "x-kubernetes-list-type": "set",
           "items": {
            "type": "string",
            "minLength": 1,
            "maxLength": 32,
            "pattern": "^[A-Z][A-Z0-9_-]*$"
           }
          },
          "paths": {
           "type": "array",
           "minItems": 1,
           "maxItems": 64,
           "x-kubernetes-list-type": "set",
           "items": {
            "type": "string",
            "minLength": 1,
            "maxLength": 1024,
            "pattern": "^(\\*[A-Za-z0-9._~!$&'()+,;=:@%|/-]*|/[A-Za-z0-9._~!$&'()+,;=:@%|/-]*\\*?|(/([A-Za-z0-9._~!$&'()+,;=:@%|-]+|\\{\\*\\}))+(/|/\\{\\*\\*\\})?|/\\{\\*\\*\\})$"
           }
          },
          "notPaths": {
           "type": "array",
           "minItems": 1,
           "maxItems": 64,
           "x-kubernetes-list-type": "set",
           "items": {
            "type": "string",
            "minLength": 1,
            "maxLength": 1024,
            "pattern": "^(\\*[A-Za-z0-9._~!$&'()+,;=:@%|/-]*|/[A-Za-z0-9._~!$&'()+,;=:@%|/-]*\\*?|(/([A-Za-z0-9._~!$&'()+,;=:@%|-]+|\\{\\*\\}))+(/|/\\{\\*\\*\\})?|/\\{\\*\\*\\})$"
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
          },
          "notHeaders": {
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
          },
          "grpc": {
           "type": "array",
           "minItems": 1,
           "maxItems": 64,
           "x-kubernetes-list-type": "atomic",
           "items": {
            "type": "object",
            "required": [
             "service"
            ],
            "properties": {
             "service": {
              "type": "string",
              "minLength": 1,
              "maxLength": 512,
              "pattern": "^[A-Za-z_][A-Za-z0-9_]*([.][A-Za-z_][A-Za-z0-9_]*)*$"
             },
             "method": {
              "type": "string",
              "minLength": 1,
              "maxLength": 256,
              "pattern": "^[A-Za-z_][A-Za-z0-9_]*$"
             }
            }
           }
          }
         }
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
