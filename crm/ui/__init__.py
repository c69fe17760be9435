"""What the screens share: words, numbers, session, parts, charts. With pages/ the only place that knows Streamlit."""
