namespace Strata.Client;

/// <summary>Where Strata is, and who calls it.</summary>
public sealed class StrataClientOptions
{
    /// <summary>
    /// gRPC address of both services, where one stands for both: <c>http://localhost:5081</c>, or <c>https://…</c> for TLS.
    /// </summary>
    public Uri? Address { get; set; }

    /// <summary>gRPC address of Ingestion.</summary>
    /// <value>Null: <see cref="Address"/>.</value>
    public Uri? IngestionAddress { get; set; }

    /// <summary>gRPC address of Ranking, which serves slates, layers and users.</summary>
    /// <value>Null: <see cref="Address"/>.</value>
    public Uri? RankingAddress { get; set; }

    /// <summary>The key that every call carries. It leaves the machine over TLS only.</summary>
    /// <value>Null: none is sent.</value>
    public string? ApiKey { get; set; }

    /// <summary>Lets the key travel in plain text to another machine, where the network is nobody else's.</summary>
    /// <value>The default is false.</value>
    public bool AllowKeyWithoutTls { get; set; }

    /// <summary>
    /// What carries the calls: for an issuer of certificates of your own, a client's certificate, or a proxy. It is left when the client is
    /// disposed.
    /// </summary>
    /// <value>Null: the platform's handler, which trusts what the machine trusts.</value>
    public HttpMessageHandler? HttpHandler { get; set; }
}
