#!/usr/bin/python3
"""Publishes a test picture and a tone by WHIP (RFC 9725) through GStreamer's webrtcbin, until its standard input ends.

Usage: whip-publisher.py URL VP8|H264 [TOKEN]. Says one JSON object a line: the offer, the answer's status and headers,
each state of the connection, and the status of the DELETE. With the input's word "vanish" it ends without one.
"""
import json
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstSdp", "1.0")
gi.require_version("GstWebRTC", "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC  # noqa: E402

URL, CODEC, TOKEN = sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else None
TIMEOUT_SECONDS = 20
ENCODERS = {
    "VP8": "vp8enc deadline=1 keyframe-max-dist=30 target-bitrate=500000 ! rtpvp8pay pt=96",
    "H264": "x264enc tune=zerolatency speed-preset=ultrafast key-int-max=30 bitrate=500 ! video/x-h264,profile=constrained-baseline"
            " ! rtph264pay aggregate-mode=zero-latency config-interval=-1 pt=96",
}
PIPELINE = f"""
    webrtcbin name=peer bundle-policy=max-bundle
    videotestsrc is-live=true pattern=ball ! video/x-raw,format=I420,width=320,height=180,framerate=15/1
      ! {ENCODERS[CODEC]} ! application/x-rtp,media=video,encoding-name={CODEC},payload=96 ! peer.
    audiotestsrc is-live=true wave=ticks ! audioconvert ! audioresample ! opusenc ! rtpopuspay pt=97
      ! application/x-rtp,media=audio,encoding-name=OPUS,payload=97 ! peer.
"""


def say(**what):
    print(json.dumps(what), flush=True)


def request(method, url, body=None, **headers):
    if TOKEN:
        headers["Authorization"] = f"Bearer {TOKEN}"
    asked = urllib.request.Request(url, body.encode() if body else None, headers, method=method)
    try:
        with urllib.request.urlopen(asked, timeout=TIMEOUT_SECONDS) as reply:
            return reply.status, reply.headers, reply.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.headers, refused.read().decode()


class Publisher:
    def __init__(self):
        self.loop = GLib.MainLoop()
        self.pipeline = Gst.parse_launch(PIPELINE)
        self.peer = self.pipeline.get_by_name("peer")
        self.location = None
        self.posted = False
        self.peer.connect("on-negotiation-needed", self.on_negotiation_needed)
        self.peer.connect("notify::ice-gathering-state", self.on_gathering)
        self.peer.connect("notify::connection-state", self.on_connection)
        bus = self.pipeline.get_bus()
        bus.add_signal_watch()
        bus.connect("message::error", self.on_error)

    def run(self):
        threading.Thread(target=self.await_end, daemon=True).start()
        self.pipeline.set_state(Gst.State.PLAYING)
        self.loop.run()
        self.pipeline.set_state(Gst.State.NULL)

    def on_negotiation_needed(self, peer):
        for i in range(2):
            peer.emit("get-transceiver", i).set_property("direction", GstWebRTC.WebRTCRTPTransceiverDirection.SENDONLY)
        peer.emit("create-offer", None, Gst.Promise.new_with_change_func(self.on_offer, None))

    def on_offer(self, promise, _):
        reply = promise.get_reply()  # The offer is the reply's and goes with it.
        self.peer.emit("set-local-description", reply.get_value("offer"), Gst.Promise.new())

    def on_gathering(self, peer, _):
        if peer.get_property("ice-gathering-state") == GstWebRTC.WebRTCICEGatheringState.COMPLETE and not self.posted:
            self.posted = True
            threading.Thread(target=self.post, daemon=True).start()

    def post(self):
        offer = self.peer.get_property("local-description").sdp.as_text()
        say(offer=offer)
        status, headers, body = request("POST", URL, offer, **{"Content-Type": "application/sdp"})
        say(status=status, participant=headers.get("Weir-Participant"), etag=headers.get("ETag"), body=body)
        if status != 201:
            self.loop.quit()
            return
        self.location = urllib.parse.urljoin(URL, headers["Location"])
        _, message = GstSdp.SDPMessage.new_from_text(body)
        answer = GstWebRTC.WebRTCSessionDescription.new(GstWebRTC.WebRTCSDPType.ANSWER, message)
        self.peer.emit("set-remote-description", answer, Gst.Promise.new())

    def on_connection(self, peer, _):
        say(connection=peer.get_property("connection-state").value_nick)

    def on_error(self, _, message):
        say(error=str(message.parse_error()))
        self.loop.quit()

    def await_end(self):
        """Also ends when whoever started this is gone."""
        word = sys.stdin.readline().strip()
        if word != "vanish" and self.location:
            status, _, _ = request("DELETE", self.location)
            say(deleted=status)
        GLib.idle_add(self.loop.quit)


Gst.init(None)
Publisher().run()
