-- What was published of the log is never changed or taken away.

CREATE TRIGGER ledger_lognode_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public.ledger_lognode
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();
CREATE TRIGGER ledger_logcheckpoint_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public.ledger_logcheckpoint
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();
CREATE TRIGGER ledger_dailyproof_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public.ledger_dailyproof
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();

REVOKE ALL ON public.ledger_lognode, public.ledger_logcheckpoint, public.ledger_dailyproof FROM roms_app;
GRANT SELECT, INSERT ON public.ledger_lognode, public.ledger_logcheckpoint, public.ledger_dailyproof TO roms_app;
