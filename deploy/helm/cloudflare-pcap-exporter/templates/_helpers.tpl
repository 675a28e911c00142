{{/* The release's name, with the chart's unless it is in it. */}}
{{- define "exporter.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "exporter.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "exporter.labels" -}}
{{ include "exporter.selector" . }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "exporter.prometheus" -}}
{{ .Values.networkPolicy.prometheusLabels | default (dict "app.kubernetes.io/name" "prometheus") | toJson }}
{{- end }}

{{/* The exporter's configuration file; what no schema can say of it is refused here. */}}
{{- define "exporter.config" -}}
{{- $values := .Values }}
{{- if not (or .Values.accounts .Values.discover) }}
{{- fail "There is no account: list one in accounts, or set discover=true, or try demo=true." }}
{{- end }}
{{- if and .Values.discover (not .Values.credentials.default) }}
{{- fail "To discover accounts takes a credential: set credentials.default.secret to the name of the Secret with the API token." }}
{{- end }}
{{- range $i, $account := .Values.accounts }}
{{- $credential := $account.credential | default "default" }}
{{- if not (hasKey $values.credentials $credential) }}
{{- fail (printf "accounts[%d] (%s) has no API token: set credentials.%s.secret to the name of a Secret." $i $account.id $credential) }}
{{- end }}
{{- end }}
{{- $credentials := dict }}
{{- range $name, $credential := .Values.credentials }}
{{- $http := dict "authorization" (dict "credentials_file" (printf "/run/secrets/cloudflare/%s" $name)) }}
{{- with $credential.proxyURL }}{{ $_ := set $http "proxy_url" . }}{{ end }}
{{- $_ := set $credentials $name $http }}
{{- end }}
{{- $config := dict "accounts" .Values.accounts "credentials" $credentials }}
{{- if .Values.discover }}{{ $_ := set $config "discover" true }}{{ end }}
{{- toYaml $config }}
{{- end }}
