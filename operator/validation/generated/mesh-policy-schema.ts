// Generated from crds/ by operator/api/generate/main.ts. Do not edit.
import type { StructuralSchema } from '../../api/structural-schema.ts';

/** The structural schema of MeshPolicy, without descriptions. */
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
   "x-kubernetes-validations": [
    {
     "rule": "!(has(self.targetRefs) && has(self.selector))",
     "message": "targetRefs and selector exclude each other: keep one of them (DK1101)",
     "fieldPath": ".selector",
     "reason": "FieldValueForbidden"
    },
    {
     "rule": "!(has(self.selector) && has(self.timeouts))",
     "message": "timeouts bind the callers of a Service and cannot follow selected pods: use targetRefs, or neither for the namespace (DK1201)",
     "fieldPath": ".timeouts",
     "reason": "FieldValueForbidden"
    },
    {
     "rule": "!(has(self.selector) && has(self.retries))",
     "message": "retries bind the callers of a Service and cannot follow selected pods: use targetRefs, or neither for the namespace (DK1201)",
     "fieldPath": ".retries",
     "reason": "FieldValueForbidden"
    },
    {
     "rule": "!(has(self.selector) && has(self.circuitBreaker))",
     "message": "circuitBreaker binds the callers of a Service and cannot follow selected pods: use targetRefs, or neither for the namespace (DK1201)",
     "fieldPath": ".circuitBreaker",
     "reason": "FieldValueForbidden"
    },
    {
     "rule": "!(has(self.selector) && has(self.loadBalancer))",
     "message": "loadBalancer binds the callers of a Service and cannot follow selected pods: use targetRefs, or neither for the namespace (DK1201)",
     "fieldPath": ".loadBalancer",
     "reason": "FieldValueForbidden"
    },
    {
     "rule": "!(has(self.selector) && has(self.connection))",
     "message": "connection binds the callers of a Service and cannot follow selected pods: use targetRefs, or neither for the namespace (DK1201)",
     "fieldPath": ".connection",
     "reason": "FieldValueForbidden"
    },
    {
     "rule": "!(has(self.networkPolicy) && has(self.targetRefs) && self.targetRefs.exists(t, has(t.sectionName)))",
     "message": "networkPolicy binds pods with all of their ports and cannot follow one port: remove sectionName, or set networkPolicy in another policy (DK1209)",
     "fieldPath": ".networkPolicy",
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
    "mtls": {
     "type": "object",
     "minProperties": 1,
     "properties": {
      "mode": {
       "type": "string",
       "maxLength": 16,
       "enum": [
        "Strict",
        "Permissive",
        "Disabled"
       ]
      },
      "ports": {
       "type": "array",
       "minItems": 1,
       "maxItems": 32,
       "x-kubernetes-list-type": "map",
       "x-kubernetes-list-map-keys": [
        "port"
       ],
       "items": {
        "type": "object",
        "required": [
         "port",
         "mode"
        ],
        "properties": {
         "port": {
          "type": "integer",
          "format": "int32",
          "minimum": 1,
          "maximum": 65535
         },
         "mode": {
          "type": "string",
          "maxLength": 16,
          "enum": [
           "Strict",
           "Permissive",
           "Disabled"
          ]
         }
        }
       }
      }
     }
    },
    "networkPolicy": {
     "type": "string",
     "maxLength": 16,
     "enum": [
      "Generate",
      "Disabled"
     ]
    },
    "timeouts": {
     "type": "object",
     "minProperties": 1,
     "x-kubernetes-validations": [
      {
       "rule": "!has(self.request) || !has(self.perTry) || duration(self.request) == duration('0s') || duration(self.perTry) <= duration(self.request)",
       "message": "perTry cannot be longer than request, which includes all tries: shorten perTry or lengthen request (DK1202)",
       "fieldPath": ".perTry"
      }
     ],
     "properties": {
      "request": {
       "type": "string",
       "maxLength": 28,
       "pattern": "^([0-9]{1,5}(h|m|s|ms)){1,4}$"
      },
      "perTry": {
       "type": "string",
       "maxLength": 28,
       "pattern": "^([0-9]{1,5}(h|m|s|ms)){1,4}$"
      },
      "idle": {
       "type": "string",
       "maxLength": 28,
       "pattern": "^([0-9]{1,5}(h|m|s|ms)){1,4}$"
      }
     }
    },
    "retries": {
     "type": "object",
     "minProperties": 1,
     "properties": {
      "attempts": {
       "type": "integer",
       "format": "int32",
       "minimum": 0,
       "maximum": 10
      },
      "conditions": {
       "type": "array",
       "minItems": 1,
       "maxItems": 16,
       "x-kubernetes-list-type": "set",
       "items": {
        "type": "string",
        "maxLength": 32,
        "enum": [
         "ServerError",
         "GatewayError",
         "Retriable4xx",
         "Reset",
         "ConnectFailure",
         "RefusedStream",
         "Cancelled",
         "DeadlineExceeded",
         "Internal",
         "ResourceExhausted",
         "Unavailable"
        ]
       }
      },
      "statusCodes": {
       "type": "array",
       "minItems": 1,
       "maxItems": 32,
       "x-kubernetes-list-type": "set",
       "items": {
        "type": "integer",
        "format": "int32",
        "minimum": 400,
        "maximum": 599
       }
      },
      "backoff": {
       "type": "object",
       "required": [
        "base"
       ],
       "x-kubernetes-validations": [
        {
         "rule": "!has(self.max) || duration(self.max) >= duration(self.base)",
         "message": "max cannot be shorter than base: lengthen max or shorten base (DK1203)",
         "fieldPath": ".max"
        }
       ],
       "properties": {
        "base": {
         "type": "string",
         "maxLength": 28,
         "pattern": "^([0-9]{1,5}(h|m|s|ms)){1,4}$",
         "x-kubernetes-validations": [
          {
           "rule": "duration(self) > duration('0s')",
           "message": "must be longer than 0s: write a duration like 25ms (DK1104)"
          }
         ]
        },
        "max": {
         "type": "string",
         "maxLength": 28,
         "pattern": "^([0-9]{1,5}(h|m|s|ms)){1,4}$"
        }
       }
      },
      "budget": {
       "type": "object",
       "required": [
        "percent"
       ],
       "properties": {
        "percent": {
         "type": "number",
         "minimum": 0,
         "maximum": 100
        },
        "minConcurrent": {
         "type": "integer",
         "format": "int32",
         "minimum": 0,
         "maximum": 1000000
        }
       }
      }
     }
    },
    "circuitBreaker": {
     "type": "object",
     "minProperties": 1,
     "properties": {
      "maxConnections": {
       "type": "integer",
       "format": "int32",
       "minimum": 1,
       "maximum": 2147483647
      },
      "maxPendingRequests": {
       "type": "integer",
       "format": "int32",
       "minimum": 1,
       "maximum": 2147483647
      },
      "maxRequests": {
       "type": "integer",
       "format": "int32",
       "minimum": 1,
       "maximum": 2147483647
      },
      "maxRetries": {
       "type": "integer",
       "format": "int32",
       "minimum": 0,
       "maximum": 2147483647
      },
      "maxRequestsPerConnection": {
       "type": "integer",
       "format": "int32",
       "minimum": 1,
       "maximum": 2147483647
      },
      "outlierDetection": {
       "type": "object",
       "x-kubernetes-validations": [
        {
         "rule": "!has(self.maxEjectionTime) || duration(self.maxEjectionTime) >= duration(has(self.baseEjectionTime) ? self.baseEjectionTime : '30s')",
         "message": "maxEjectionTime cannot be shorter than baseEjectionTime (30s where it is absent) (DK1208)",
         "fieldPath": ".maxEjectionTime"
        }
       ],
       "properties": {
        "consecutiveErrors": {
         "type": "integer",
         "format": "int32",
         "minimum": 0,
         "maximum": 1000000
        },
        "consecutiveGatewayErrors": {
         "type": "integer",
         "format": "int32",
         "minimum": 0,
         "maximum": 1000000
        },
        "interval": {
         "type": "string",
         "maxLength": 28,
         "pattern": "^([0-9]{1,5}(h|m|s|ms)){1,4}$",
         "x-kubernetes-validations": [
          {
           "rule": "duration(self) > duration('0s')",
           "message": "must be longer than 0s: write a duration like 10s (DK1104)"
          }
         ]
        },
        "baseEjectionTime": {
         "type": "string",
         "maxLength": 28,
         "pattern": "^([0-9]{1,5}(h|m|s|ms)){1,4}$",
         "x-kubernetes-validations": [
          {
           "rule": "duration(self) > duration('0s')",
           "message": "must be longer than 0s: write a duration like 30s (DK1104)"
          }
         ]
        },
        "maxEjectionTime": {
         "type": "string",
         "maxLength": 28,
         "pattern": "^([0-9]{1,5}(h|m|s|ms)){1,4}$"
        },
        "maxEjectionPercent": {
         "type": "integer",
         "format": "int32",
         "minimum": 0,
         "maximum": 100
        },
        "minHealthyPercent": {
         "type": "integer",
         "format": "int32",
         "minimum": 0,
         "maximum": 100
        }
       }
      }
     }
    },
    "loadBalancer": {
     "type": "object",
     "minProperties": 1,
     "x-kubernetes-validations": [
      {
       "rule": "!has(self.hash) || !has(self.algorithm) || self.algorithm in ['RingHash', 'Maglev']",
       "message": "hash has no effect with this algorithm: choose RingHash or Maglev, or remove hash (DK1205)",
       "fieldPath": ".hash",
       "reason": "FieldValueForbidden"
      },
      {
       "rule": "!has(self.ringHash) || !has(self.algorithm) || self.algorithm == 'RingHash'",
       "message": "ringHash has no effect with this algorithm: choose RingHash, or remove ringHash (DK1206)",
       "fieldPath": ".ringHash",
       "reason": "FieldValueForbidden"
      },
      {
       "rule": "!has(self.slowStart) || !has(self.algorithm) || self.algorithm in ['LeastRequest', 'RoundRobin'] || duration(self.slowStart.window) == duration('0s')",
       "message": "slowStart cannot work with this algorithm, which has no weights that grow: choose LeastRequest or RoundRobin, or remove slowStart (DK1210)",
       "fieldPath": ".slowStart",
       "reason": "FieldValueForbidden"
      }
     ],
     "properties": {
      "algorithm": {
       "type": "string",
       "maxLength": 16,
       "enum": [
        "LeastRequest",
        "RoundRobin",
        "Random",
        "RingHash",
        "Maglev"
       ]
      },
      "hash": {
       "type": "object",
       "x-kubernetes-validations": [
        {
         "rule": "[has(self.header), has(self.cookie), has(self.sourceIP)].exists_one(set, set)",
         "message": "needs exactly one of header, cookie and sourceIP (DK1204)"
        }
       ],
       "properties": {
        "header": {
         "type": "string",
         "minLength": 1,
         "maxLength": 256,
         "pattern": "^[A-Za-z0-9!#$%&'*+.^_|~-]+$"
        },
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
        "sourceIP": {
         "type": "boolean",
         "enum": [
          true
         ]
        }
       }
      },
      "ringHash": {
       "type": "object",
       "minProperties": 1,
       "properties": {
        "minimumSize": {
         "type": "integer",
         "format": "int64",
         "minimum": 1,
         "maximum": 8388608
        }
       }
      },
      "slowStart": {
       "type": "object",
       "required": [
        "window"
       ],
       "properties": {
        "window": {
         "type": "string",
         "maxLength": 28,
         "pattern": "^([0-9]{1,5}(h|m|s|ms)){1,4}$"
        },
        "aggression": {
         "type": "number",
         "minimum": 0.1,
         "maximum": 10
        },
        "minWeightPercent": {
         "type": "number",
         "minimum": 0,
         "maximum": 100
        }
       }
      },
      "locality": {
       "type": "object",
       "minProperties": 1,
       "properties": {
        "preference": {
         "type": "string",
         "maxLength": 16,
         "enum": [
          "None",
          "Zone",
          "Region"
         ]
        },
        "failover": {
         "type": "string",
         "maxLength": 16,
         "enum": [
          "Any",
          "Region",
          "Never"
         ]
        },
        "failoverThreshold": {
         "type": "integer",
         "format": "int32",
         "minimum": 1,
         "maximum": 100
        }
       }
      }
     }
    },
    "connection": {
     "type": "object",
     "minProperties": 1,
     "properties": {
      "connectTimeout": {
       "type": "string",
       "maxLength": 28,
       "pattern": "^([0-9]{1,5}(h|m|s|ms)){1,4}$",
       "x-kubernetes-validations": [
        {
         "rule": "duration(self) > duration('0s')",
         "message": "must be longer than 0s: write a duration like 5s (DK1104)"
        }
       ]
      },
      "idleTimeout": {
       "type": "string",
       "maxLength": 28,
       "pattern": "^([0-9]{1,5}(h|m|s|ms)){1,4}$"
      },
      "maxDuration": {
       "type": "string",
       "maxLength": 28,
       "pattern": "^([0-9]{1,5}(h|m|s|ms)){1,4}$"
      },
      "tcpKeepalive": {
       "type": "object",
       "properties": {
        "probes": {
         "type": "integer",
         "format": "int32",
         "minimum": 1,
         "maximum": 127
        },
        "time": {
         "type": "string",
         "maxLength": 28,
         "pattern": "^([0-9]{1,5}(h|m|s|ms)){1,4}$",
         "x-kubernetes-validations": [
          {
           "rule": "duration(self) > duration('0s')",
           "message": "must be longer than 0s: write a duration like 60s (DK1104)"
          }
         ]
        },
        "interval": {
         "type": "string",
         "maxLength": 28,
         "pattern": "^([0-9]{1,5}(h|m|s|ms)){1,4}$",
         "x-kubernetes-validations": [
          {
           "rule": "duration(self) > duration('0s')",
           "message": "must be longer than 0s: write a duration like 10s (DK1104)"
          }
         ]
        }
       }
      },
      "http2": {
       "type": "object",
       "minProperties": 1,
       "properties": {
        "maxConcurrentStreams": {
         "type": "integer",
         "format": "int32",
         "minimum": 1,
         "maximum": 2147483647
        },
        "initialStreamWindowSize": {
         "type": "integer",
         "format": "int32",
         "minimum": 65535,
         "maximum": 2147483647
        },
        "initialConnectionWindowSize": {
         "type": "integer",
         "format": "int32",
         "minimum": 65535,
         "maximum": 2147483647
        }
       }
      }
     }
    },
    "fault": {
     "type": "object",
     "minProperties": 1,
     "properties": {
      "delay": {
       "type": "object",
       "required": [
        "duration"
       ],
       "properties": {
        "percent": {
         "type": "number",
         "minimum": 0,
         "maximum": 100
        },
        "duration": {
         "type": "string",
         "maxLength": 28,
         "pattern": "^([0-9]{1,5}(h|m|s|ms)){1,4}$",
         "x-kubernetes-validations": [
          {
           "rule": "duration(self) > duration('0s')",
           "message": "must be longer than 0s: write a duration like 200ms (DK1104)"
          }
         ]
        }
       }
      },
      "abort": {
       "type": "object",
       "x-kubernetes-validations": [
        {
         "rule": "has(self.httpStatus) != has(self.grpcStatus)",
         "message": "needs exactly one of httpStatus and grpcStatus (DK1207)"
        }
       ],
       "properties": {
        "percent": {
         "type": "number",
         "minimum": 0,
         "maximum": 100
        },
        "httpStatus": {
         "type": "integer",
         "format": "int32",
         "minimum": 200,
         "maximum": 599
        },
        "grpcStatus": {
         "type": "string",
         "maxLength": 32,
         "enum": [
          "Cancelled",
          "Unknown",
          "InvalidArgument",
          "DeadlineExceeded",
          "NotFound",
          "AlreadyExists",
          "PermissionDenied",
          "ResourceExhausted",
          "FailedPrecondition",
          "Aborted",
          "OutOfRange",
          "Unimplemented",
          "Internal",
          "Unavailable",
          "DataLoss",
          "Unauthenticated"
         ]
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
