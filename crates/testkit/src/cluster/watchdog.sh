# Ends the shared test server and removes its folder when no test process has lived for a while.
# Arguments: the server's folder, and how many seconds to wait.
folder=$1
limit_s=$2

anyone_there() {
  someone=no
  for lease in "$folder"/leases/*; do
    [ -e "$lease" ] || continue
    if kill -0 "${lease##*/}" 2>/dev/null; then someone=yes; else rm -f "$lease"; fi
  done
  [ "$someone" = yes ]
}

server_lives() {
  pid=$(head -n 1 "$folder/cluster/postmaster.pid" 2>/dev/null) && kill -0 "$pid" 2>/dev/null
}

idle_s=0
while server_lives; do
  if anyone_there; then idle_s=0; else idle_s=$((idle_s + 1)); fi
  if [ "$idle_s" -ge "$limit_s" ]; then
    mv "$folder/open" "$folder/closing" || exit 1
    if anyone_there; then
      mv "$folder/closing" "$folder/open"
      idle_s=0
      continue
    fi
    kill -QUIT "$pid"
    while server_lives; do sleep 0.1; done
    break
  fi
  sleep 1
done

# A server that ended by itself leaves a folder that the next test process removes; only what was closed goes here.
[ -e "$folder/closing" ] && rm -rf "$folder"
