using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Options;
using Strata.Contracts.State.V1;
using Strata.Contracts.Texts.V1;

namespace Strata.Ranking.Queries;

/// <summary>Asks Featurizer.</summary>
internal sealed class RemoteQueryTexts : IQueryTexts, IDisposable
{
    private readonly GrpcChannel? _channel;
    private readonly Texts.TextsClient? _client;
    private readonly Metadata _headers = [];
    private readonly TimeSpan _timeout;
    private readonly ILogger<RemoteQueryTexts> _logger;

    public RemoteQueryTexts(IOptions<QueriesOptions> options, ILogger<RemoteQueryTexts> logger)
    {
        (_timeout, _logger) = (options.Value.Timeout, logger);
        if (options.Value.Address is { Length: > 0 } address)
        {
            _channel = GrpcChannel.ForAddress(address);
            _client = new Texts.TextsClient(_channel);
        }

        if (options.Value.Key.Length > 0)
        {
            _headers.Add("authorization", $"Bearer {options.Value.Key}");
        }
    }

    public async ValueTask<ProfileQuery?> DescribeAsync(string query, CancellationToken cancellationToken)
    {
        if (_client is null)
        {
            return null;
        }

        try
        {
            // Deadlines are the wall clock's, whatever clock the service goes by.
            var call = new CallOptions(_headers, TimeProvider.System.GetUtcNow().UtcDateTime + _timeout, cancellationToken);
            return (await _client.DescribeQueryAsync(new DescribeQueryRequest { Query = query }, call)).Query;
        }
        catch (RpcException fault) when (!cancellationToken.IsCancellationRequested)
        {
            _logger.NotDescribed(fault.StatusCode);
            return null;
        }
    }

    public void Dispose() => _channel?.Dispose();
}
