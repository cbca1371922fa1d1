using Spectre.Console;

namespace Strata.Local.Hosting;

/// <summary>Where the running system listens, and on what it stands.</summary>
/// <param name="Http">The web console, JSON over HTTP/1.1, OpenAPI document, health, metrics.</param>
/// <param name="Grpc">gRPC (HTTP/2 without TLS).</param>
/// <param name="Broker">The broker, in words.</param>
/// <param name="Store">The store, in words.</param>
public sealed record LocalAddresses(Uri Http, Uri Grpc, string Broker, string Store)
{
    /// <summary>A user whose slate the printed commands ask for.</summary>
    private const string Example = "shopper-0001";

    /// <summary>The web console.</summary>
    public string Console => $"Watch it in a browser: {Http}";

    /// <summary>JSON by curl.</summary>
    public string Curl => $"curl \"{Http}v1/users/{Example}/recommendations?count=5\"";

    /// <summary>gRPC by grpcurl; reflection is on.</summary>
    public string GrpcCurl
        => $"grpcurl -plaintext -d '{{\"user_id\":\"{Example}\",\"count\":5}}' {Grpc.Authority} strata.ranking.v1.Ranking/Recommend";

    /// <summary>All of it, as Spectre markup.</summary>
    internal string Describe()
        => Markup.Escape($"{Console}\nHTTP {Http}   gRPC {Grpc}   on {Broker} and {Store}   Ctrl-C ends\n{Curl}\n{GrpcCurl}");
}
