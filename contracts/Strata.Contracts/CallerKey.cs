using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Strata.Contracts;

/// <summary>Sends an API key or a token along with every call of a channel.</summary>
public static class CallerKey
{
    /// <summary>Environment variable from which the tools take the key.</summary>
    public const string Variable = "STRATA_API_KEY";

    /// <summary>The key of the environment; null when none is set.</summary>
    public static string? FromEnvironment => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } key ? key : null;

    /// <summary>Calls of a channel that carry a key; without one the calls are as they were.</summary>
    public static CallInvoker WithKey(this ChannelBase channel, string? key)
    {
        ArgumentNullException.ThrowIfNull(channel);
        return key is null
            ? channel.CreateCallInvoker()
            : channel.Intercept(headers =>
            {
                headers.Add("authorization", $"Bearer {key}");
                return headers;
            });
    }
}
