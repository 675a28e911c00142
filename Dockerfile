FROM --platform=$BUILDPLATFORM golang:1.26.8-bookworm@sha256:a688600ca24f8a4d3ca77f95b0dd40704a9fc787c826660eb7ba0b641b8b175d AS build
WORKDIR /src
COPY go.mod go.sum main.go ./
COPY cfapi cfapi
COPY collector collector
ARG TARGETOS TARGETARCH VERSION=dev REVISION=unknown
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -trimpath -o /cloudflare_pcap_exporter -ldflags "-s -w \
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
# A number, because Kubernetes cannot tell whether a name is root.
USER 65532:65532
EXPOSE 17227
HEALTHCHECK --interval=30s --timeout=6s --start-period=10s CMD ["/bin/cloudflare_pcap_exporter", "--health-check"]
ENTRYPOINT ["/bin/cloudflare_pcap_exporter"]
