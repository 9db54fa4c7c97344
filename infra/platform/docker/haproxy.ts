export interface HaproxyOptions {
  /** Names of the controllers, which Docker resolves. */
  controllers: readonly string[];
  /** TCP port of the API, here and there. */
  port: number;
  /** TCP port for actions: the API without its admin side. */
  actionsPort: number;
}

/**
 * The configuration of the load balancer. Controllers are looked up again whenever they were replaced; one that drains gets
 * nothing new. Only a request that has not reached a controller is sent to another one: it may have been carried out.
 */
export function haproxyConfig({ controllers, port, actionsPort }: HaproxyOptions): string {
  return `global
  log stdout format raw local0 notice
  hard-stop-after 70s

defaults
  mode http
  log global
  option dontlognull
  timeout connect 2s
  # An action may take five minutes, and its caller waits.
  timeout client 330s
  timeout server 330s
  timeout http-request 60s
  timeout http-keep-alive 60s
  retries 3
  retry-on conn-failure
  option redispatch 1

resolvers docker
  nameserver engine 127.0.0.11:53
  resolve_retries 3
  timeout resolve 1s
  timeout retry 1s
  hold valid 1s
  hold nx 1s
  hold obsolete 1s

frontend api
  bind :${port}
  default_backend controllers

frontend actions
  bind :${actionsPort}
  http-request deny deny_status 403 if { path,url_dec -i -m beg /admin }
  default_backend controllers

backend controllers
  balance leastconn
  option httpchk GET /health
  default-server check inter 500ms fall 2 rise 1 resolvers docker init-addr none
${controllers.map((host, index) => `  server controller-${index} ${host}:${port}`).join("\n")}
`;
}
