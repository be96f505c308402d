# sh take.sh FILE: as take.py, with flock(1), which has no other way than a process for each take, and a second one
# for the command that it runs.
while read -r line; do
  if [ "$line" = hold ]; then
    exec 3<>"$1"
    flock -n 3 && echo held
    continue
  fi
  start=$(date +%s%N)
  i=0
  while [ "$i" -lt "$line" ]; do
    flock -n "$1" true || exit 1
    i=$((i + 1))
  done
  echo $((($(date +%s%N) - start) / line))
done
