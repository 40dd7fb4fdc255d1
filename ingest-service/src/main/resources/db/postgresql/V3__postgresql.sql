-- What only PostgreSQL needs or can.

-- The planner's statistics would keep samples of the identifiers, and outlive an erasure.
alter table patient alter column identifier set statistics 0;
alter table specimen alter column identifier set statistics 0;
alter table accepted_image alter column external_id set statistics 0;

create function access_log_only_grows() returns trigger language plpgsql as $$
begin
    raise exception 'rows of access_log are only ever added';
end $$;
create trigger access_log_only_grows before update or delete or truncate on access_log
    for each statement execute function access_log_only_grows();
