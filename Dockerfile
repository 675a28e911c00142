FROM --platform=$BUILDPLATFORM golang:1.26 AS build
WORKDIR /src
# The modules are a layer of their own, which only a change of them makes anew.
COPY go.mod go.sum ./
RUN go mod download
COPY main.go ./
COPY cfapi cfapi
COPY collector collector
ARG TARGETOS TARGETARCH VERSION=dev REVISION=unknown
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -trimpath -o /cloudflare_pcap_exporter -ldflags "-s -w \
    -X github.com/prometheus/common/version.Version=$VERSION \
    -X github.com/prometheus/common/version.Revision=$REVISION" .

FROM scratch
ARG VERSION=dev REVISION=unknown
LABEL org.opencontainers.image.title="cloudflare_pcap_exporter" \
      org.opencontainers.image.description="Exports Cloudflare's packet captures as Prometheus metrics" \
      org.opencontainers.image.source="https://github.com/example/cloudflare_pcap_exporter" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /cloudflare_pcap_exporter /bin/
# By number, so that Kubernetes can tell that it is not root.
USER 65532:65532
EXPOSE 17227
HEALTHCHECK --interval=30s --timeout=6s --start-period=10s CMD ["/bin/cloudflare_pcap_exporter", "--health-check"]
ENTRYPOINT ["/bin/cloudflare_pcap_exporter"]
