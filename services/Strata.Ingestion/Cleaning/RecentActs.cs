using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.Ingestion.Cleaning.Core;

namespace Strata.Ingestion.Cleaning;

/// <summary>
/// What users did last, as far as the rules on robots and repeats need it: the beat and four acts of a user. Users lie in 32,768 places by
/// a hash that differs from process to process; who comes to a taken place takes it, and the one before starts anew, so whoever invents
/// users grows nothing, and nobody is taken for somebody else. Each process knows what went through it.
/// </summary>
internal sealed class RecentActs(IOptions<CleaningOptions> options)
{
    private const int Places = 1 << 15;
    private const int ActsKept = 4;

    private readonly CleaningOptions _options = options.Value;
    private readonly UserActs?[] _places = new UserActs?[Places];
    private readonly long _seed = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));

    /// <summary>What an event, already clean, is to its user's last ones.</summary>
    public JudgedAct Judge(UserEvent clean)
    {
        var user = Hash(clean.UserId);
        ref var place = ref _places[user & (Places - 1)];
        var acts = Volatile.Read(ref place) ?? Interlocked.CompareExchange(ref place, new UserActs(), null) ?? place;
        var timeMs = (long)clean.EventTime.ToDateTimeOffset().Subtract(DateTimeOffset.UnixEpoch).TotalMilliseconds;
        lock (acts)
        {
            acts.Take(user);
            if (_options.Bots.Enabled && acts.Beat.Step(clean.Kind, timeMs, _options.Bots) is not BotSign.None and var sign)
            {
                return new JudgedAct(sign, null, null);
            }

            return _options.Repeats.Enabled && clean.Kind is not (EventKind.Cart or EventKind.Purchase)
                ? acts.Repeat(clean, Subject(clean), timeMs, _options.Repeats.Window)
                : default;
        }
    }

    private ulong Hash(string text) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(text.AsSpan()), _seed);

    // Everything that makes it the act it is; lengths keep neighbouring fields apart.
    private ulong Subject(UserEvent clean)
        => Hash(
            $"{(int)clean.Kind}|{clean.Position}|{clean.ItemId.Length}|{clean.ItemId}"
                + $"|{clean.RequestId.Length}|{clean.RequestId}|{clean.Query}");

    private sealed class UserActs
    {
        private readonly RecentAct?[] _recent = new RecentAct?[ActsKept];
        private ulong _user;
        private int _next;

        public UserBeat Beat;

        public void Take(ulong user)
        {
            if (_user != user)
            {
                _user = user;
                Beat = default;
                Array.Clear(_recent);
            }
        }

        public JudgedAct Repeat(UserEvent clean, ulong subject, long timeMs, TimeSpan window)
        {
            var stated = !clean.EventTime.Equals(clean.ReceivedTime);
            foreach (var act in _recent)
            {
                // Whoever writes two acts down at one and the same time means two, as a basket's lines are; a double click has two times.
                var apartMs = act is null ? double.MaxValue : Math.Abs(timeMs - act.TimeMs);
                if (act?.Subject == subject
                    && apartMs <= window.TotalMilliseconds
                    && (apartMs > 0 || !stated)
                    && act.EventId != clean.EventId) // the same event sent again: counts once by its id
                {
                    return new JudgedAct(BotSign.None, act, null);
                }
            }

            var own = new RecentAct(subject, clean.EventId, timeMs);
            _recent[_next] = own;
            _next = (_next + 1) % ActsKept;
            return new JudgedAct(BotSign.None, null, own);
        }
    }
}

/// <summary>What an event is to its user's last ones.</summary>
/// <param name="Sign">What gives a robot away.</param>
/// <param name="Earlier">The same act a moment before; null: there is none.</param>
/// <param name="Act">The event itself, to be completed by its answer; null when nobody asks for it.</param>
internal readonly record struct JudgedAct(BotSign Sign, RecentAct? Earlier, RecentAct? Act);

/// <summary>An act that may come again.</summary>
/// <param name="subject">Hash of all that makes it the act it is.</param>
/// <param name="eventId">Its own id.</param>
/// <param name="timeMs">When, in milliseconds since 1970.</param>
internal sealed class RecentAct(ulong subject, string eventId, long timeMs)
{
    private readonly TaskCompletionSource<PublishEventResponse?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ulong Subject { get; } = subject;

    public string EventId { get; } = eventId;

    public long TimeMs { get; } = timeMs;

    /// <summary>How it was answered; null when it could not be published, and its repeat must be.</summary>
    public Task<PublishEventResponse?> Answer => _answer.Task;

    public void Complete(PublishEventResponse? answer) => _answer.TrySetResult(answer);
}
