using System.CommandLine;
using Spectre.Console;
using Strata.Cli.Frame;
using Strata.ServiceDefaults.Access;

namespace Strata.Cli.ApiKeys;

/// <summary><c>strata keys</c>: makes, lists and revokes API keys in the file that services read.</summary>
internal static class KeysCommand
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public static Command CreateGroup()
        => new Command("keys", "Make, list and revoke API keys. Services that read the file (Access:KeysFile) follow it within seconds.")
        {
            Make(), List(), Revoke(),
        };

    private static StrataCommand Make()
    {
        var name = new Argument<string>("NAME") { Description = "Who gets the key, for people." };
        var scopes = new Option<string[]>("--scope")
        {
            Description = $"What it opens; may be given again: {string.Join(", ", Scopes.All)}.",
            Required = true,
        };
        scopes.AcceptOnlyFromAmong([.. Scopes.All]);
        var days = new Option<int>("--days") { Description = "Days until it opens nothing any more.", DefaultValueFactory = _ => 90 };
        days.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 3650)
            {
                result.AddError("--days: from 1 to 3650.");
            }
        });
        var user = new Option<string?>("--user") { Description = "The only user that calls with it may name. Default: any." };
        var file = FileOption();
        var command = new StrataCommand(
            "make",
            "Make a key and say it, once.",
            "strata keys make shop --scope events --scope read --file keys.json",
            "strata keys make ann --scope read --user ann --days 7 --file keys.json")
        {
            name, scopes, days, user, file,
        };
        command.Does(async (parsed, session, cancellationToken) =>
        {
            var path = parsed.GetValue(file)!.FullName;
            var expires = TimeProvider.System.GetUtcNow() + (parsed.GetValue(days) * Day);
            var (key, text) = ApiKey.Create(parsed.GetValue(name)!, parsed.GetValue(scopes)!, expires, parsed.GetValue(user));
            ApiKeyFile.Write(path, [.. Read(path), key]);
            session.Tell($"{key.Prefix} is in {path}. This is the key; it is kept nowhere:");
            await session.ReportAsync(new MadeKey(text), (console, made) => console.WriteLine(made.Key), cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    private static StrataCommand List()
    {
        var file = FileOption();
        var command = new StrataCommand(
            "list", "List keys: whose they are, and what they open until when.", "strata keys list --file keys.json")
        {
            file,
        };
        command.Does(async (parsed, session, cancellationToken) =>
        {
            await session.ReportAsync(Read(parsed.GetValue(file)!.FullName), Print, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    private static StrataCommand Revoke()
    {
        var prefix = new Argument<string>("PREFIX") { Description = "The beginning of the key, as strata keys list shows it." };
        var file = FileOption();
        var command = new StrataCommand(
            "revoke", "Take a key out: it opens nothing within seconds.", "strata keys revoke strata_0a1b2c3d --file keys.json")
        {
            prefix, file,
        };
        command.Does((parsed, session, _) =>
        {
            var (path, gone) = (parsed.GetValue(file)!.FullName, parsed.GetValue(prefix)!);
            var keys = Read(path);
            var kept = keys.Where(key => key.Prefix != gone).ToList();
            if (kept.Count == keys.Count)
            {
                throw new InvalidDataException($"{path} has no key that begins with {gone}.");
            }

            ApiKeyFile.Write(path, kept);
            session.Tell($"{gone} is revoked.");
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static Option<FileInfo> FileOption() => new("--file") { Description = "The file of keys.", Required = true };

    private static IReadOnlyList<ApiKey> Read(string path) => File.Exists(path) ? ApiKeyFile.Read(path) : [];

    private static void Print(IAnsiConsole console, IReadOnlyList<ApiKey> keys)
    {
        var table = new Table().AddColumns("key", "name", "scopes", "user", "expires");
        foreach (var key in keys)
        {
            table.AddRow(
                Markup.Escape(key.Prefix),
                Markup.Escape(key.Name),
                string.Join(", ", key.Scopes),
                Markup.Escape(key.UserId ?? "any"),
                key.Expires is { } expires ? $"{expires:yyyy-MM-dd HH:mm}" : "never");
        }

        console.Write(table);
    }

    private sealed record MadeKey(string Key);
}
