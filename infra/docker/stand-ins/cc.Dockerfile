FROM scratch
COPY root /
USER 10001
