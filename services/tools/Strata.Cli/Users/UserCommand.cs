using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Strata.Cli.Frame;
using Strata.Contracts;
using Strata.Contracts.Users.V1;
using UsersClient = Strata.Contracts.Users.V1.Users.UsersClient;

namespace Strata.Cli.Users;

/// <summary><c>strata user</c>: what is held of a user, and its forgetting, as JSON.</summary>
internal static class UserCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Command CreateGroup()
        => new Command("user", "Export what is held of a user, forget them, and check that they are forgotten.")
        {
            Export(), Forget(), Verify(),
        };

    private static StrataCommand Export()
        => Create(
            "export",
            "Say all that is held of a user.",
            [],
            (client, user, _, options) => client.ExportUserAsync(new ExportUserRequest { UserId = user }, options),
            _ => true,
            "strata user export shopper-0001",
            "strata user export shopper-0001 --json shopper-0001.json");

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
        var ranking = AddressOption.Create("--ranking", "gRPC address of Ranking.", "http://localhost:5081");
        var command = new StrataCommand(name, description, examples) { user, ranking };
        foreach (var option in more)
        {
            command.Add(option);
        }

        command.Does(async (parsed, session, cancellationToken) =>
        {
            var address = parsed.GetValue(ranking)!;
            using var channel = GrpcChannel.ForAddress(address);
            var client = new UsersClient(channel.WithKey(CallerKey.FromEnvironment));
            try
            {
                var options = new CallOptions(cancellationToken: cancellationToken);
                var answer = await call(client, parsed.GetValue(user)!, parsed, options);
                var json = JsonNode.Parse(JsonFormatter.Default.Format(answer))!;
                await session.ReportAsync(
                    json, (console, node) => console.Profile.Out.Writer.WriteLine(node.ToJsonString(Indented)), cancellationToken);
                return isGood(answer) ? ExitCode.Done : ExitCode.Failed;
            }
            catch (RpcException fault)
            {
                throw new ServiceException("Ranking", address, fault);
            }
        });
        return command;
    }
}
