using Grpc.Core;
using Microsoft.Extensions.Options;

namespace Strata.Ranking.Serving.Streams;

/// <summary>How many streams run, of each caller and of all. Any number of threads.</summary>
internal sealed class StreamSeats(IOptions<StreamsOptions> options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _byCaller = new(StringComparer.Ordinal);

    /// <summary>Streams that run.</summary>
    public int Taken { get; private set; }

    /// <summary>Takes a seat; dispose of it when the stream ends.</summary>
    /// <param name="caller">Who calls; null where nobody says who they are: then only all streams are limited.</param>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: there is none.</exception>
    public IDisposable Take(string? caller)
    {
        lock (_gate)
        {
            var own = caller is null ? 0 : _byCaller.GetValueOrDefault(caller);
            if (own >= options.Value.MaxPerCaller)
            {
                throw Full($"{own} streams of this key run already (setting Ranking:Streams:MaxPerCaller). End one, or call Recommend.");
            }

            if (Taken >= options.Value.MaxStreams)
            {
                throw Full($"{Taken} streams run here already (setting Ranking:Streams:MaxStreams). Come again, or call Recommend.");
            }

            Taken++;
            if (caller is not null)
            {
                _byCaller[caller] = own + 1;
            }

            return new Seat(this, caller);
        }
    }

    private static RpcException Full(string detail) => new(new Status(StatusCode.ResourceExhausted, detail));

    private void Leave(string? caller)
    {
        lock (_gate)
        {
            Taken--;
            if (caller is not null && --_byCaller[caller] == 0)
            {
                _byCaller.Remove(caller);
            }
        }
    }

    private sealed class Seat(StreamSeats seats, string? caller) : IDisposable
    {
        private bool _left;

        public void Dispose()
        {
            if (!_left)
            {
                _left = true;
                seats.Leave(caller);
            }
        }
    }
}
