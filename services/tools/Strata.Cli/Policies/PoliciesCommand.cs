using System.CommandLine;
using Strata.Cli.Frame;
using Strata.Contracts.Policy.V1;
using PoliciesClient = Strata.Contracts.Policy.V1.Policies.PoliciesClient;

namespace Strata.Cli.Policies;

/// <summary><c>strata policy</c>: which policies a running system served, and back to one of them.</summary>
internal static class PoliciesCommand
{
    public static Command CreateGroup()
        => new Command("policy", "Look at the policies that slates were ranked with, and go back to one.")
        {
            List(), Show(), Rollback(),
        };

    private static StrataCommand List()
    {
        var ranking = new RankingAddress();
        var command = new StrataCommand(
            "list",
            "List the policy in force and the versions kept, newest first, with what each was estimated to get.",
            "strata policy list --ranking http://localhost:8091",
            "strata policy list --json policies.json")
        {
            ranking.Option,
        };
        command.Does(async (parsed, session, cancellationToken) =>
        {
            var list = await ranking.CallAsync(parsed, async calls => await new PoliciesClient(calls).ListPoliciesAsync(
                new ListPoliciesRequest(), cancellationToken: cancellationToken));
            await session.ReportAsync<IReadOnlyList<PolicyRow>>(
                [.. list.Policies.Select(PolicyRow.Of)], PolicyRow.Print, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    private static StrataCommand Show()
    {
        var (ranking, version) = (new RankingAddress(), VersionArgument());
        var command = new StrataCommand("show", "Show a version: its estimate, its weights, click rates by layer.", "strata policy show 41")
        {
            version, ranking.Option,
        };
        command.Does(async (parsed, session, cancellationToken) =>
        {
            var policy = await ranking.CallAsync(parsed, async calls => await new PoliciesClient(calls).GetPolicyAsync(
                new GetPolicyRequest { Version = parsed.GetValue(version) }, cancellationToken: cancellationToken));
            await session.ReportAsync(PolicyDetail.Of(policy), PolicyDetail.Print, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    private static StrataCommand Rollback()
    {
        var (ranking, version) = (new RankingAddress(), VersionArgument());
        var command = new StrataCommand(
            "rollback",
            "Go back to a version: it is in force at once, and learning goes on from it.",
            "strata policy rollback 41")
        {
            version, ranking.Option,
        };
        command.Does(async (parsed, session, cancellationToken) =>
        {
            var made = await ranking.CallAsync(parsed, async calls => await new PoliciesClient(calls).RollbackPolicyAsync(
                new RollbackPolicyRequest { Version = parsed.GetValue(version) }, cancellationToken: cancellationToken));
            await session.ReportAsync(
                new RolledBack(parsed.GetValue(version), made.Version),
                (console, done) => console.Profile.Out.Writer.WriteLine(
                    $"policy {done.RestoredVersion} is in force again, as {done.Version}"),
                cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    private static Argument<ulong> VersionArgument() => new("VERSION") { Description = "The version, as strata policy list says it." };

    private sealed record RolledBack(ulong RestoredVersion, ulong Version);
}
