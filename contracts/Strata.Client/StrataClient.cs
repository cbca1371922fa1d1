using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Strata.Contracts.Ingestion.V1;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.Users.V1;

namespace Strata.Client;

/// <summary>Strata's calls, typed. One client serves all threads of a process for as long as it runs.</summary>
public sealed class StrataClient : IDisposable
{
    private const string KeyHeader = "authorization";

    private readonly List<GrpcChannel> _channels = [];

    /// <summary>Makes the client of a system at one address, without a key.</summary>
    public StrataClient(Uri address)
        : this(new StrataClientOptions { Address = address })
    {
    }

    /// <summary>Makes the client. Nothing is called yet.</summary>
    /// <exception cref="ArgumentException">An address is missing, or a key would leave the machine in plain text.</exception>
    public StrataClient(StrataClientOptions options)
    {
        options = options ?? throw new ArgumentNullException(nameof(options));
        var ingestion = options.IngestionAddress ?? options.Address ?? throw Missing(nameof(options.IngestionAddress));
        var ranking = options.RankingAddress ?? options.Address ?? throw Missing(nameof(options.RankingAddress));
        CheckKey(options, ingestion);
        CheckKey(options, ranking);
        var toIngestion = Open(ingestion, options);
        var toRanking = ranking == ingestion ? toIngestion : Open(ranking, options);
        Ingestion = new Ingestion.IngestionClient(toIngestion);
        Items = new ItemWriter(Ingestion);
        Ranking = new Ranking.RankingClient(toRanking);
        Layers = new Layers.LayersClient(toRanking);
        Users = new Users.UsersClient(toRanking);
    }

    /// <summary>
    /// Events, items and attributes of users, call by call: <see cref="CreateEventSender"/> and <see cref="Items"/> retry.
    /// </summary>
    public Ingestion.IngestionClient Ingestion { get; }

    /// <summary>Puts items into the catalogue and takes them out, with retries.</summary>
    public ItemWriter Items { get; }

    /// <summary>Slates, reasons, similar items, search, suggestions.</summary>
    public Ranking.RankingClient Ranking { get; }

    /// <summary>Layers of interest: to list, and for a user to boost, mute, pin or forget.</summary>
    public Layers.LayersClient Layers { get; }

    /// <summary>What is held of a user, their consent, and forgetting them.</summary>
    public Users.UsersClient Users { get; }

    /// <summary>
    /// Makes a sender of events, which gathers them into batches and retries. Dispose it before the client: that sends the rest.
    /// </summary>
    public EventSender CreateEventSender(EventSenderOptions? options = null) => new(Ingestion, options);

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _channels.ForEach(channel => channel.Dispose());

    private static ArgumentException Missing(string name) => new($"Set {nameof(StrataClientOptions.Address)} or {name}.");

    private static void CheckKey(StrataClientOptions options, Uri address)
    {
        if (options.ApiKey is not null && address.Scheme != Uri.UriSchemeHttps && !address.IsLoopback && !options.AllowKeyWithoutTls)
        {
            throw new ArgumentException(
                $"A key would go to {address} in plain text: use https, or set {nameof(StrataClientOptions.AllowKeyWithoutTls)} where the "
                + "network is nobody else's.");
        }
    }

    private CallInvoker Open(Uri address, StrataClientOptions options)
    {
        var channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions { HttpHandler = options.HttpHandler });
        _channels.Add(channel);
        return options.ApiKey is not { } key ? channel.CreateCallInvoker() : channel.Intercept(headers =>
        {
            headers.Add(KeyHeader, $"Bearer {key}");
            return headers;
        });
    }
}
