#!/usr/bin/env bash
# Says what is wrong with what `make demo` was asked for, before minutes are spent on building: preflight.sh KAFKA KAFKA_VERSION DEFAULT_VERSION
set -euo pipefail
cd "$(dirname "$0")/../.."
kafka=${1:-kfake} version=$2 default=$3

fail() {
	echo "make demo: $*" >&2
	exit 1
}

case $kafka in
kfake)
	[[ -z $version ]] || fail "KAFKA_VERSION=$version needs KAFKA=apache; the embedded kfake has no versions"
	exit 0
	;;
apache) ;;
*) fail "KAFKA=$kafka: want kfake (the default, embedded) or apache (a real broker; needs a JDK 17+ and Maven)" ;;
esac

[[ -z $version || $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || fail "KAFKA_VERSION=$version: want a release of Apache Kafka, such as 4.4.0"

java=${JAVA_HOME:+$JAVA_HOME/bin/java}
[[ -n $java && -x $java ]] || java=$(command -v java) ||
	fail "KAFKA=apache needs a JDK, 17 or newer, and there is none (on Debian: apt install openjdk-17-jdk-headless); set JAVA_HOME or PATH to it"
have=$("$java" -XshowSettings:properties -version 2>&1 | sed -n 's/.*java\.specification\.version = //p')
[[ ${have%%.*} =~ ^[0-9]+$ && ${have%%.*} -ge 17 ]] ||
	fail "KAFKA=apache needs a JDK, 17 or newer, and $java is ${have:-of no known version}; install one and set JAVA_HOME to it"

# Maven is needed once, to fetch the jars.
if [[ ! -e bin/kafka/${version:-$default}/.complete ]] && ! command -v mvn >/dev/null; then
	fail "KAFKA=apache needs Maven to fetch Kafka's jars, and there is none (on Debian: apt install maven)"
fi
