# The duty room as an image: one image, each part of it by its command. 值班室镜像。
#
# The same sources give the same layers: the base is named by its digest, every package by its hash
# (constraints.txt), and compiled modules carry hashes instead of times. Nothing is built from
# source: packages come as wheels only.

FROM python:3.11.14-slim-bookworm@sha256:65a93d69fa75478d554f4ad27c85c1e69fa184956261b4301ebaf6dbb0a3543d AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore PYTHONDONTWRITEBYTECODE=1
WORKDIR /opt/jibao

COPY constraints.txt ./
# The first part of the file is what running needs; the second is for tests.
RUN sed '/^# To test\. /,$d' constraints.txt > /tmp/runtime.txt \
 && python -m venv /opt/python \
 && /opt/python/bin/python -m pip install --quiet --no-compile --only-binary :all: --require-hashes -r /tmp/runtime.txt

COPY pyproject.toml LICENSE ./
COPY app/ app/
COPY bench/ bench/
COPY county/ county/
COPY gateway/ gateway/
COPY ledger/ ledger/
COPY notifiers/ notifiers/
COPY rulebook/ rulebook/
COPY rules/ rules/
COPY streams/ streams/
COPY vocabulary/ vocabulary/
RUN /opt/python/bin/python -m pip install --quiet --no-compile --no-deps --no-build-isolation -e . \
 && /opt/python/bin/python -m compileall -q --invalidation-mode unchecked-hash /opt/jibao /opt/python/lib \
 && /opt/python/bin/jibao check


FROM python:3.11.14-slim-bookworm@sha256:65a93d69fa75478d554f4ad27c85c1e69fa184956261b4301ebaf6dbb0a3543d

RUN groupadd --gid 10001 jibao \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/jibao --shell /usr/sbin/nologin jibao \
 && install --directory --owner jibao --group jibao --mode 0700 /var/lib/jibao
COPY --from=build /opt/python /opt/python
COPY --from=build /opt/jibao /opt/jibao

ENV PATH=/opt/python/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 LANG=C.UTF-8 \
    JIBAO_DATA=/var/lib/jibao
USER 10001:10001
WORKDIR /var/lib/jibao
VOLUME /var/lib/jibao
EXPOSE 8000
STOPSIGNAL SIGTERM
ENTRYPOINT ["jibao"]
CMD ["up", "--host", "0.0.0.0"]
