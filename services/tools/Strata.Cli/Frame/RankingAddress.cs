using System.CommandLine;
using Grpc.Core;
using Grpc.Net.Client;
using Strata.Contracts;

namespace Strata.Cli.Frame;

/// <summary>How a command reaches Ranking's calls: the same option everywhere, the key from the environment.</summary>
internal sealed class RankingAddress
{
    public Option<Uri> Option { get; } = AddressOption.Create("--ranking", "gRPC address of Ranking.", "http://localhost:5081");

    /// <summary>Calls Ranking; a call that fails ends the command with its status.</summary>
    public async Task<T> CallAsync<T>(ParseResult parsed, Func<CallInvoker, Task<T>> call)
    {
        var address = parsed.GetValue(Option)!;
        using var channel = GrpcChannel.ForAddress(address);
        try
        {
            return await call(channel.WithKey(CallerKey.FromEnvironment));
        }
        catch (RpcException fault)
        {
            throw new ServiceException("Ranking", address, fault);
        }
    }
}
