using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Grpc.Core;
using Strata.Cli.Frame;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.Users.V1;
using LayersClient = Strata.Contracts.Layers.V1.Layers.LayersClient;
using UsersClient = Strata.Contracts.Users.V1.Users.UsersClient;

namespace Strata.Cli.Users;

/// <summary><c>strata user</c>: what is known and held of a user, and its forgetting.</summary>
internal static class UserCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Command CreateGroup()
        => new Command("user", "Look at a user, export what is held of them, make one of two, forget them, check that they are forgotten.")
        {
            Show(), Export(), Merge(), Forget(), Verify(),
        };

    private static StrataCommand Show()
    {
        var user = new Argument<string>("USER") { Description = "The user's id." };
        var ranking = new RankingAddress();
        var command = new StrataCommand(
            "show",
            "Say how a user stands: layers with words and what fed them, what they did of late, want and allow, where it lies.",
            "strata user show shopper-0001",
            "strata user show shopper-0001 --json")
        {
            user, ranking.Option,
        };
        command.Does(async (parsed, session, cancellationToken) =>
        {
            var view = await ranking.CallAsync(parsed, async calls =>
            {
                var (client, id) = (new UsersClient(calls), parsed.GetValue(user)!);
                var held = await client.ExportUserAsync(new ExportUserRequest { UserId = id }, cancellationToken: cancellationToken);
                var row = await new LayersClient(calls).GetUserLayersAsync(
                    new GetUserLayersRequest { UserId = id }, cancellationToken: cancellationToken);
                var consent = await client.GetConsentAsync(new GetConsentRequest { UserId = id }, cancellationToken: cancellationToken);
                return UserView.Of(held, row, consent);
            });
            await session.ReportAsync(view, UserView.Print, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    private static StrataCommand Export()
        => Create(
            "export",
            "Say all that is held of a user.",
            [],
            (client, user, _, options) => client.ExportUserAsync(new ExportUserRequest { UserId = user }, options),
            _ => true,
            "strata user export shopper-0001",
            "strata user export shopper-0001 --json shopper-0001.json");

    private static StrataCommand Merge()
    {
        var from = new Option<string>("--from") { Description = "The id that turned out to be theirs.", Required = true };
        return Create(
            "merge",
            "Have what is held of another id go on as this user's.",
            [from],
            (client, user, parsed, options) => client.MergeUsersAsync(
                new MergeUsersRequest { UserId = user, FromUserId = parsed.GetValue(from)! }, options),
            _ => true,
            "strata user merge shopper-0001 --from visitor-17");
    }

    private static StrataCommand Forget()
        => Create(
            "forget",
            "Forget a user and say the receipt: keep it, it names nobody.",
            [],
            (client, user, _, options) => client.ForgetUserAsync(new ForgetUserRequest { UserId = user }, options),
            _ => true,
            "strata user forget shopper-0001 > receipt.json");

    private static StrataCommand Verify()
    {
        var file = new Option<FileInfo>("--receipt") { Description = "The receipt, as strata user forget said it.", Required = true };
        return Create(
            "verify",
            "Check a receipt, and look whether it still holds.",
            [file],
            (client, user, parsed, options) =>
            {
                var receipt = JsonParser.Default.Parse<Receipt>(File.ReadAllText(parsed.GetValue(file)!.FullName));
                return client.VerifyForgottenAsync(new VerifyForgottenRequest { UserId = user, Receipt = receipt }, options);
            },
            answer => answer.Forgotten,
            "strata user verify shopper-0001 --receipt receipt.json");
    }

    private static StrataCommand Create<T>(
        string name,
        string description,
        IEnumerable<Option> more,
        Func<UsersClient, string, ParseResult, CallOptions, AsyncUnaryCall<T>> call,
        Func<T, bool> isGood,
        params string[] examples)
        where T : class, IMessage<T>
    {
        var user = new Argument<string>("USER") { Description = "The user's id." };
        var ranking = new RankingAddress();
        var command = new StrataCommand(name, description, examples) { user, ranking.Option };
        foreach (var option in more)
        {
            command.Add(option);
        }

        command.Does(async (parsed, session, cancellationToken) =>
        {
            var options = new CallOptions(cancellationToken: cancellationToken);
            var answer = await ranking.CallAsync(
                parsed, async calls => await call(new UsersClient(calls), parsed.GetValue(user)!, parsed, options));
            var json = JsonNode.Parse(JsonFormatter.Default.Format(answer))!;
            await session.ReportAsync(
                json, (console, node) => console.Profile.Out.Writer.WriteLine(node.ToJsonString(Indented)), cancellationToken);
            return isGood(answer) ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }
}
