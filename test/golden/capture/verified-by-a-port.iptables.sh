iptables-restore --wait --noflush 2>/dev/null <<'END' || true
*nat
-D PREROUTING -p tcp -j DOT_KUBE_INBOUND
-D OUTPUT -p tcp -j DOT_KUBE_OUTBOUND
-F DOT_KUBE_INBOUND
-F DOT_KUBE_OUTBOUND
-X DOT_KUBE_INBOUND
-X DOT_KUBE_OUTBOUND
COMMIT
END
iptables-restore --wait --noflush <<'END'
*nat
:DOT_KUBE_INBOUND - [0:0]
:DOT_KUBE_OUTBOUND - [0:0]
-A PREROUTING -p tcp -j DOT_KUBE_INBOUND
-A OUTPUT -p tcp -j DOT_KUBE_OUTBOUND
-A DOT_KUBE_INBOUND -i lo -j RETURN
-A DOT_KUBE_INBOUND -p tcp --dport 15022 -j REDIRECT --to-ports 15021
-A DOT_KUBE_INBOUND -p tcp -j REDIRECT --to-ports 15006
-A DOT_KUBE_OUTBOUND -o lo ! -s 127.0.0.0/8 -p tcp -m owner --uid-owner 15001 -j REDIRECT --to-ports 15006
-A DOT_KUBE_OUTBOUND -m owner --uid-owner 15001 -j RETURN
-A DOT_KUBE_OUTBOUND -o lo -j RETURN
-A DOT_KUBE_OUTBOUND -p tcp --dport 53 -j RETURN
-A DOT_KUBE_OUTBOUND -p tcp -j REDIRECT --to-ports 15001
COMMIT
END
