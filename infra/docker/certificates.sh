#!/usr/bin/env bash
# Makes an authority of certificates and what secured.yml needs, for ninety days: certificates.sh FOLDER. Nothing that is there is replaced.
set -euo pipefail
umask 077
mkdir -p "${1:?name a folder}" && cd "$1"

[[ -e ca.key ]] || openssl req -x509 -newkey rsa:3072 -nodes -days 90 -subj "/CN=Strata" -keyout ca.key -out ca.crt \
  -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign 2>/dev/null

issue() { # common name, host names
  [[ -e "$1.pem" ]] && return 0
  openssl req -new -newkey rsa:3072 -nodes -subj "/CN=$1" -keyout "$1.key" -out "$1.csr" 2>/dev/null
  openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days 90 -out "$1.crt" -extfile \
    <(printf 'basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth,clientAuth\nsubjectAltName=%s\n' "$2") 2>/dev/null
  cat "$1.key" "$1.crt" >"$1.pem"
  rm "$1.csr"
}
issue kafka DNS:kafka
issue redis DNS:redis
issue admin DNS:admin
issue edge DNS:localhost,IP:127.0.0.1,DNS:ingestion,DNS:featurizer,DNS:clustering,DNS:ranking,DNS:optimizer

cat >admin.properties <<'END'
security.protocol=SSL
ssl.truststore.type=PEM
ssl.truststore.location=/etc/strata/tls/ca.crt
ssl.keystore.type=PEM
ssl.keystore.location=/etc/strata/tls/admin.pem
END

# The containers' users read them, and nobody else here has the folder.
chmod 755 . && chmod 644 -- *.crt *.pem redis.key admin.properties
