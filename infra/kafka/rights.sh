#!/bin/sh
# Makes a user with a password for each service and gives it what acls.csv names. May be run again. Needs the admin's certificate.
set -eu
here="$(dirname "$0")"
bin=/opt/kafka/bin
broker="--bootstrap-server kafka:9095 --command-config /etc/strata/tls/admin.properties"

tail -n +2 "$here/acls.csv" | cut -d, -f1 | sort -u | while read -r user; do
  name="$(echo "$user" | tr '[:lower:]' '[:upper:]')_PASSWORD"
  eval "password=\$$name"
  $bin/kafka-configs.sh $broker --alter --entity-type users --entity-name "$user" --add-config "SCRAM-SHA-512=[password=$password]" </dev/null
done

tail -n +2 "$here/acls.csv" | while IFS=, read -r user resource name pattern operations; do
  set --
  for operation in $operations; do set -- "$@" --operation "$operation"; done
  $bin/kafka-acls.sh $broker --add --allow-principal "User:$user" "--$resource" "$name" --resource-pattern-type "$pattern" "$@" </dev/null
done
